/// What an index needs to know of an item at start: the least that can be loaded by the million.
public struct ItemEntry: Hashable, Sendable {
  /// The item's row number over all row files.
  public let ordinal: UInt32
  /// The caller's id.
  public let key: String
  /// The number of the item's member, or 0.
  public let member: UInt32
  /// The number of the item's work, or 0.
  public let work: UInt32
  /// Whether the item was removed or replaced.
  public let isRemoved: Bool
}
