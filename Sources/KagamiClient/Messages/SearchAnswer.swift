/// What `search` and `match` answer.
public struct SearchAnswer: Sendable, Hashable, Decodable {
  /// One entry for every query vector, in their order.
  public var results: [SearchResult]
  /// The number of transactions that the answer has seen.
  public var seq: Int
  /// Whether the hits are certainly the best ones.
  public var exact: Bool?
  /// How the search was done: `exact`, `scan`, `walk` or `filtered_walk`; a match is complete because of it.
  public var plan: String?
  /// Whether the deadline cut the search short; present only when it did.
  public var partial: Bool?
  /// Whether the engine answered in a reduced state; present only when it did.
  public var degraded: Bool?
  /// Whether everything at or above the threshold is there; `match` only.
  public var complete: Bool?
  /// Where to go on when the answer is not complete; `match` only.
  public var cursor: JSONValue?
}

/// What was found for one query vector.
public struct SearchResult: Sendable, Hashable {
  /// The hits, most similar first; empty when works were asked for instead.
  public var hits: [Hit]
  /// The works, most similar first; empty unless they were asked for.
  public var groups: [HitGroup]

  /// Describes what one query found.
  public init(hits: [Hit] = [], groups: [HitGroup] = []) {
    self.hits = hits
    self.groups = groups
  }
}

/// The hits that show one work.
public struct HitGroup: Sendable, Hashable, Decodable {
  /// Which work, where the hits have one.
  public var work: String?
  /// Whose work, where the hits have one.
  public var member: String?
  /// The score of the most similar hit.
  public var score: Float
  /// How many items of the work were found.
  public var count: Int
  /// The hits themselves, most similar first.
  public var hits: [Hit]

  /// Describes the hits of a work.
  public init(work: String? = nil, member: String? = nil, score: Float, count: Int, hits: [Hit]) {
    self.work = work
    self.member = member
    self.score = score
    self.count = count
    self.hits = hits
  }
}

extension SearchResult: Decodable {
  private enum CodingKeys: String, CodingKey {
    case hits, groups
  }

  /// Reads an entry with hits or with groups.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    hits = try fields.decodeIfPresent([Hit].self, forKey: .hits) ?? []
    groups = try fields.decodeIfPresent([HitGroup].self, forKey: .groups) ?? []
  }
}
