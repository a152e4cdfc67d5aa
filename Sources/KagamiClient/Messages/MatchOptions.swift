/// How to find everything that is similar enough; what is `nil` is left to the engine.
public struct MatchOptions: Sendable, Hashable, Encodable {
  /// The lowest score that counts.
  public var scoreThreshold: Float
  /// Which items may be found: `{must, should, must_not}`.
  public var filter: JSONValue?
  /// The most hits of one answer.
  public var limit: Int?
  /// Where an answer that was not complete said to go on.
  public var cursor: JSONValue?
  /// The field whose values are found instead of single items: `work`.
  public var groupBy: String?
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
    case filter, limit, cursor, use
    case scoreThreshold = "score_threshold"
    case groupBy = "group_by"
    case minSeq = "min_seq"
    case deadlineMilliseconds = "deadline_ms"
    case withAttributes = "with_attributes"
    case withVectors = "with_vectors"
  }

  /// Asks for everything at or above a score; everything else is set afterwards.
  public init(scoreThreshold: Float, filter: JSONValue? = nil) {
    self.scoreThreshold = scoreThreshold
    self.filter = filter
  }
}
