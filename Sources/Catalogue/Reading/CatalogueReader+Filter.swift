import GRDB

extension CatalogueReader {
  /// Visits the ordinals of the items that meet `condition`, live or not.
  ///
  /// Items never change, so an answer stays right for the ordinals it covers: extend it by a visit of the commits since.
  /// Removed items are among them because a reader of an earlier state still has them; it knows itself which are live.
  ///
  /// - Parameters:
  ///   - condition: One condition on one field.
  ///   - seq: Only items of later commits; 0 for all.
  ///   - visit: Is given each ordinal once, in no particular order.
  /// - Throws: ``CatalogueError``, or what `visit` throws.
  /// - Complexity: O(*m*) in the items of later commits; O(log *n*) a value for keys.
  public func forEachOrdinal(
    matching condition: Condition, since seq: Int64 = 0, _ visit: (UInt32) throws -> Void
  ) throws {
    let compiled = try CompiledCondition(condition)
    let sql = """
      SELECT ordinal FROM item WHERE ordinal >= :first AND (\(compiled.predicate))
      """
    let arguments = try StatementArguments(["first": Int64(firstOrdinal(after: seq))]) + compiled.arguments
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    while let row = try rows.next() { try visit(row.unsigned(0, file: file)) }
  }
}
