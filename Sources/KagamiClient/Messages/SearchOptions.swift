/// How to search; what is `nil` is left to the engine.
public struct SearchOptions: Sendable, Hashable, Encodable {
  /// How many hits to answer for each vector.
  public var k: Int?
  /// Which items may be found: `{must, should, must_not}`.
  public var filter: JSONValue?
  /// The lowest score that counts.
  public var scoreThreshold: Float?
  /// The field whose values are found instead of single items: `work`.
  public var groupBy: String?
  /// Whether to look at every item.
  public var exact: Bool?
  /// How wide to search where not every item is looked at.
  public var beamWidth: Int?
  /// The share of the true neighbours that is wanted.
  public var targetRecall: Float?
  /// The transaction that the answer must have seen.
  public var minSeq: Int?
  /// How long the engine may take, in milliseconds from receipt.
  public var deadlineMilliseconds: Int?
  /// Whether hits carry their attributes.
  public var withAttributes: Bool?
  /// How stored vectors are added to hits: `f32le`.
  public var withVectors: String?
  /// The use of what is found; hits then say whether it is permitted.
  public var use: UseOptions?

  private enum CodingKeys: String, CodingKey {
    case k, filter, exact, use
    case scoreThreshold = "score_threshold"
    case groupBy = "group_by"
    case beamWidth = "beam_width"
    case targetRecall = "target_recall"
    case minSeq = "min_seq"
    case deadlineMilliseconds = "deadline_ms"
    case withAttributes = "with_attributes"
    case withVectors = "with_vectors"
  }

  /// Asks for `k` hits that a filter lets through; everything else is set afterwards.
  public init(k: Int? = nil, filter: JSONValue? = nil) {
    self.k = k
    self.filter = filter
  }
}
