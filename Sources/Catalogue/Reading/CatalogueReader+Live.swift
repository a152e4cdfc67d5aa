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
}
