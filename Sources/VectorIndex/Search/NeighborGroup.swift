/// A group, a work for instance, that a search found: its best rows, and how many it has.
public struct NeighborGroup: Sendable {
  /// The number of the group, nil for a row that belongs to none.
  public let group: UInt32?
  /// The best of its rows that qualify, first to last; never empty.
  public let best: [Neighbor]
  /// How many of its rows qualify, shown or not.
  public let count: Int
}
