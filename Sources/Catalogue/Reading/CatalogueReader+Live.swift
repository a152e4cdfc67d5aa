import GRDB

extension CatalogueReader {
  /// Visits everything about every live item, in the order of ordinals.
  ///
  /// - Parameter visit: Is given one item after the other; what it throws ends the visit.
  /// - Throws: ``CatalogueError``, or what `visit` throws.
  /// - Complexity: O(*n* log *m*) in the rows, for *m* members and works.
  public func forEachLiveItem(_ visit: (ItemDetails) throws -> Void) throws {
    let sql = CatalogueReader.detailsSQL + "item.removed_seq IS NULL ORDER BY item.ordinal"
    let rows = try Row.fetchCursor(db, sql: sql)
    while let row = try rows.next() { try visit(details(from: row)) }
  }

  /// Everything about all items that ever had a key, in the order of ordinals: at most the last of them is live.
  ///
  /// - Parameter key: The caller's id.
  /// - Returns: Empty where the key was never there.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*n*) in the rows: removed items are in no index of keys.
  public func history(ofKey key: String) throws -> [ItemDetails] {
    guard !key.utf8.contains(0) else { return [] }
    let rows = try Row.fetchCursor(
      db, sql: CatalogueReader.detailsSQL + "item.key = ? ORDER BY item.ordinal", arguments: [key])
    var found: [ItemDetails] = []
    while let row = try rows.next() { found.append(try details(from: row)) }
    return found
  }

  /// The rows that a key had and that compactions have taken away, oldest first.
  ///
  /// - Complexity: O(*m* log *n*) for *m* rows.
  public func retiredRows(ofKey key: String) throws -> [RetiredRow] {
    guard try Schema.hasEdits(db), !key.utf8.contains(0) else { return [] }
    let sql = "SELECT checksum, seq, removed_seq, retired_seq FROM retired WHERE key = ? ORDER BY number"
    return try Row.fetchAll(db, sql: sql, arguments: [key]).map { row in
      RetiredRow(
        checksum: try row.unsigned(0, file: file), seq: row.number(1), removedSeq: row.number(2),
        retiredSeq: row.number(3))
    }
  }
}

/// A row whose bytes a compaction has taken away.
public struct RetiredRow: Hashable, Sendable {
  /// CRC-32C of the row as it was stored.
  public let checksum: UInt32
  /// The commit that brought it.
  public let seq: Int64
  /// The commit that removed or replaced it.
  public let removedSeq: Int64
  /// The commit that compacted it away.
  public let retiredSeq: Int64
}
