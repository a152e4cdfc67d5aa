/// Which group, a work for instance, every ordinal belongs to.
///
/// A row without a group is a group of its own, so that grouping loses nothing.
public struct GroupColumn: Sendable {
  /// The number of the group, or ``none``.
  private var column = ChunkedColumn<UInt32>()

  /// Marks the group of one row that has none; the rest is its ordinal.
  private static let alone: UInt32 = 1 << 31
  /// What is stored for a row that has no group.
  private static let none = UInt32.max

  /// An empty column.
  public init() {}

  /// A column that begins with what a snapshot file holds.
  ///
  /// - Parameters:
  ///   - reader: The file.
  ///   - name: The section's name.
  ///   - limit: The number that all groups have to be below.
  /// - Throws: `IndexError.damaged`.
  public init(_ reader: SnapshotReader, named name: String, below limit: Int) throws(IndexError) {
    let groups = try reader.section(name, of: UInt32.self, count: reader.rowCount)
    guard groups.isBelow(min(limit, Int(Self.alone)), butFor: Self.none) else {
      throw reader.damage(name, "names a group that does not exist")
    }
    column = ChunkedColumn(groups)
  }

  /// How many ordinals have an entry.
  public var count: Int { column.count }

  /// Adds the entry of the next ordinal.
  ///
  /// - Parameter group: The number of its group, below 2³¹, or nil for none.
  public mutating func append(_ group: UInt32?) {
    precondition(group.map { $0 < Self.alone } ?? true)
    column.append(group ?? Self.none)
  }

  /// A number that rows have in common exactly when they are of one group.
  @inline(__always)
  public subscript(ordinal: UInt32) -> UInt32 {
    let group = column[ordinal]
    return group == Self.none ? Self.alone | ordinal : group
  }

  /// The number of a row's group as it was appended, nil for a row that has none.
  public func group(of ordinal: UInt32) -> UInt32? {
    let group = column[ordinal]
    return group == Self.none ? nil : group
  }

  /// Has the processor fetch the entries of results that lie in a file.
  func prefetch(_ results: [[Neighbor]]) { column.prefetch(results) }

  /// Writes the column as one section of a snapshot file.
  ///
  /// - Throws: `IndexError`.
  public func write(to writer: SnapshotWriter, as name: String) throws(IndexError) {
    try column.write(to: writer, as: name)
  }
}
