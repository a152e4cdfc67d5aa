import GRDB

/// One consistent state of a catalogue, for the duration of ``CatalogueStore/read(_:)``.
///
/// Visiting methods hand over one row at a time and keep nothing; a visit that throws ends them.
public struct CatalogueReader {
  let db: Database
  let file: String
}

extension CatalogueReader {
  /// The number of the last commit; 0 before the first.
  public func seq() throws -> Int64 {
    let statement = try db.cachedStatement(sql: "SELECT seq FROM catalogue")
    guard let row = try Row.fetchOne(statement) else {
      throw CatalogueError.damaged(file: file, reason: "it has no revision")
    }
    let seq = row.number(0)
    guard seq >= 0, seq < .max else { throw CatalogueError.damaged(file: file, reason: "its revision is \(seq)") }
    return seq
  }

  /// How often the catalogue was compacted; numbers of rows mean something within one generation only.
  public func generation() throws -> Int64 {
    guard try Schema.hasEdits(db) else { return 0 }
    return try Row.fetchOne(db.cachedStatement(sql: "SELECT generation FROM catalogue"))?.number(0) ?? 0
  }

  /// The state that is read.
  ///
  /// - Complexity: O(log *n*) in the rows.
  public func position() throws -> CataloguePosition {
    CataloguePosition(seq: try seq(), generation: try generation(), rowCount: try rowCount())
  }

  /// How much the catalogue holds.
  ///
  /// - Complexity: O(*n*) in removed items, members and works.
  public func counts() throws -> CatalogueCounts {
    let rows = try Int64(rowCount())
    let presence = try Schema.hasEdits(db) ? " WHERE removed_seq IS NULL" : ""
    let removed = try Schema.number("SELECT count(*) FROM item WHERE removed_seq IS NOT NULL", in: db)
    return CatalogueCounts(
      items: Int(max(0, rows - removed)),
      rows: UInt32(clamping: rows),
      members: try Int(clamping: Schema.number("SELECT count(*) FROM member\(presence)", in: db)),
      works: try Int(clamping: Schema.number("SELECT count(*) FROM work\(presence)", in: db)))
  }

  /// Rows that were ever committed: one more than the last ordinal.
  ///
  /// - Complexity: O(log *n*) in the rows.
  public func rowCount() throws -> UInt32 {
    guard let row = try Row.fetchOne(db, sql: "SELECT max(ordinal) FROM item"), row.optionalNumber(0) != nil else {
      return 0
    }
    let last = try row.unsigned(0, file: file)
    guard last < .max else { throw CatalogueError.damaged(file: file, reason: "an item has the ordinal \(last)") }
    return last + 1
  }

  /// The first ordinal that a commit later than `seq` brought; the number of rows if there is none.
  ///
  /// Ordinals and commits grow together, so that halving the range of ordinals finds it without an index.
  ///
  /// - Complexity: O(log² *n*) in the rows.
  public func firstOrdinal(after seq: Int64) throws -> UInt32 {
    guard seq > 0 else { return 0 }
    let statement = try db.cachedStatement(sql: "SELECT seq FROM item WHERE ordinal = ?")
    var low: UInt32 = 0
    var high = try rowCount()
    while low < high {
      let middle = low + (high - low) / 2
      guard let row = try Row.fetchOne(statement, arguments: [Int64(middle)]) else {
        throw CatalogueError.damaged(file: file, reason: "ordinal \(middle) has no item")
      }
      if row.number(0) > seq { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
