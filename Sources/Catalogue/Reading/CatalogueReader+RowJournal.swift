import GRDB

extension CatalogueReader {
  /// Visits the rows of the journal, in the order of ordinals; none before format 3.
  ///
  /// - Parameter visit: Gets the ordinal and the image of each row.
  /// - Throws: ``CatalogueError``, or what `visit` throws.
  public func forEachJournaledRow(_ visit: (_ ordinal: UInt32, _ image: [UInt8]) throws -> Void) throws {
    guard try Schema.hasRowJournal(db) else { return }
    let rows = try Row.fetchCursor(db, sql: "SELECT ordinal, bytes FROM row_journal ORDER BY ordinal")
    while let row = try rows.next() {
      guard let bytes = row.bytes(1) else {
        throw CatalogueError.damaged(file: file, reason: "a row of the journal has no bytes")
      }
      try visit(try row.unsigned(0, file: file), bytes)
    }
  }
}
