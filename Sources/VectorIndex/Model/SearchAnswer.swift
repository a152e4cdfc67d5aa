/// What a search found for one query, and how.
public struct SearchAnswer: Hashable, Sendable {
  /// The rows, in the order of results.
  public var neighbors: [Neighbor]
  /// How they were found.
  public var plan: SearchPlan
  /// What that cost; of exact plans nothing is counted.
  public var cost: WalkCost
}
