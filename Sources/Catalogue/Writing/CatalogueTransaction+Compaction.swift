import GRDB

extension CatalogueTransaction {
  /// What a compaction did.
  public struct Compaction: Hashable, Sendable {
    /// The generation that begins.
    public let generation: Int64
    /// Live items, whose rows are numbered anew from 0 in their order.
    public let kept: UInt32
    /// Removed and replaced items that are gone but for their checksums.
    public let retired: Int
  }

  /// Visits the rows that a compaction keeps, in the order in which it numbers them anew.
  ///
  /// - Parameter visit: Gets the row's number until then, the item's key, and the checksum that was recorded when the row came. What it
  ///   throws ends the visit.
  /// - Throws: ``CatalogueError``, or what `visit` throws.
  /// - Complexity: O(*n*) in the rows.
  public func forEachLiveRow(_ visit: (_ ordinal: UInt32, _ key: String, _ checksum: UInt32) throws -> Void) throws {
    try spoilingOnError {
      let sql = "SELECT ordinal, key, checksum FROM item WHERE removed_seq IS NULL ORDER BY ordinal"
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        try visit(row.unsigned(0, file: file), row.text(1) ?? "", row.unsigned(2, file: file))
      }
    }
  }

  /// Numbers live items anew without gaps and drops the others; whoever keeps the rows has put them where the next
  /// generation looks for them.
  ///
  /// The only change of its transaction. Keys and checksums of dropped rows stay for ever.
  ///
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*n* log *n*) in the items.
  public func compact() throws -> Compaction {
    precondition(!hasChanges, "a compaction shares its transaction with nothing")
    return try spoilingOnError {
      let columns = "key, member, work, kind, title, source, timecode, attributes, checksum, seq, removed_seq"
      try db.execute(
        sql: """
          INSERT INTO retired (key, checksum, seq, removed_seq, retired_seq)
          SELECT key, checksum, seq, removed_seq, ? FROM item WHERE removed_seq IS NOT NULL ORDER BY ordinal
          """, arguments: [seq])
      let retired = db.changesCount
      try db.execute(sql: Schema.itemTable(named: "compacted"))
      try db.execute(
        sql: """
          INSERT INTO compacted (ordinal, \(columns))
          SELECT row_number() OVER (ORDER BY ordinal) - 1, \(columns) FROM item WHERE removed_seq IS NULL ORDER BY ordinal
          """)
      let kept = UInt32(clamping: db.changesCount)
      try db.execute(sql: "DROP TABLE item; ALTER TABLE compacted RENAME TO item;")
      try db.execute(sql: Schema.itemIndexes)
      try db.execute(sql: "UPDATE catalogue SET generation = generation + 1")
      (state.nextOrdinal, firstOrdinal) = (kept, kept)
      state.generation += 1
      try clearJournal()
      hasOtherChanges = true
      return Compaction(generation: state.generation, kept: kept, retired: retired)
    }
  }
}
