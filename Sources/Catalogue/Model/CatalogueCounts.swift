/// How much a catalogue holds.
public struct CatalogueCounts: Hashable, Sendable {
  /// Items that are live.
  public let items: Int
  /// Rows that were ever committed, with those removed or replaced: the next ordinal.
  public let rows: UInt32
  /// Members.
  public let members: Int
  /// Works.
  public let works: Int

  /// The counts of a catalogue.
  public init(items: Int = 0, rows: UInt32 = 0, members: Int = 0, works: Int = 0) {
    self.items = items
    self.rows = rows
    self.members = members
    self.works = works
  }
}
