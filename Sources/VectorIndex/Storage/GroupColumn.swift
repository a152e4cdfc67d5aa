/// Which group, a work for instance, every ordinal belongs to.
///
/// A row without a group is a group of its own, so that grouping loses nothing.
public struct GroupColumn: Sendable {
  private var column = ChunkedColumn<UInt32>()

  /// Marks the group of one row that has none; the rest is its ordinal.
  private static let alone: UInt32 = 1 << 31

  /// An empty column.
  public init() {}

  /// How many ordinals have an entry.
  public var count: Int { column.count }

  /// Adds the entry of the next ordinal.
  ///
  /// - Parameter group: The number of its group, below 2³¹, or nil for none.
  public mutating func append(_ group: UInt32?) {
    precondition(group.map { $0 < Self.alone } ?? true)
    column.append(group ?? Self.alone | UInt32(column.count))
  }

  /// A number that rows have in common exactly when they are of one group.
  @inline(__always)
  public subscript(ordinal: UInt32) -> UInt32 { column[ordinal] }

  /// The number of a row's group as it was appended, nil for a row that has none.
  public func group(of ordinal: UInt32) -> UInt32? {
    let group = column[ordinal]
    return group & Self.alone == 0 ? group : nil
  }
}
