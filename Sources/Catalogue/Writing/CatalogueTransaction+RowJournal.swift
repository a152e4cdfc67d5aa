import Foundation
import GRDB

extension CatalogueTransaction {
  /// How many rows the journal holds, whoever brought them.
  public var journaledRows: Int { state.journaledRows }

  /// From which row to which the journal's rows lie; nil where it has none.
  ///
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(log *j*) for *j* rows.
  public func journaledRange() throws -> ClosedRange<UInt32>? {
    guard state.journaledRows > 0 else { return nil }
    return try spoilingOnError { try RowJournal.range(db, file: file) }
  }

  /// Keeps a row with the record of its item, so that it is as durable as that; the row files may be synced later.
  ///
  /// - Parameters:
  ///   - image: The row as whoever keeps the rows can write it again.
  ///   - ordinal: Its number.
  /// - Throws: ``CatalogueError``.
  public func journal(_ image: [UInt8], of ordinal: UInt32) throws {
    try spoilingOnError {
      let insertion = try db.cachedStatement(sql: "INSERT INTO row_journal (ordinal, bytes) VALUES (?, ?)")
      insertion.rewind()
      try insertion.bind(Int64(ordinal), at: 1)
      try insertion.bind(Data(image), at: 2)
      try insertion.execute()
      state.journaledRows += 1
    }
  }

  /// Forgets the rows of the journal.
  ///
  /// Every row file that ``journaledRange()`` reaches into has been synced before, also by rows that another process brought: they are
  /// durable nowhere else.
  ///
  /// - Throws: ``CatalogueError``.
  public func clearJournal() throws {
    guard state.journaledRows > 0 else { return }
    try spoilingOnError {
      try RowJournal.clear(db)
      state.journaledRows = 0
    }
  }
}

extension CatalogueWriter {
  /// Forgets the rows of the journal in a transaction of its own, which is no commit: nothing that a reader could ask changes.
  ///
  /// - Parameter sync: Makes the rows of that range durable in their files; what it throws keeps the journal.
  /// - Throws: ``CatalogueError``, or what `sync` throws; the journal then stays, which costs nothing but its room.
  public func clearJournal(afterSyncing sync: (ClosedRange<UInt32>) throws -> Void) throws {
    try inTransaction { [self] db, state in
      guard state.journaledRows > 0 else { return }
      if let range = try RowJournal.range(db, file: file) { try sync(range) }
      try RowJournal.clear(db)
      state.journaledRows = 0
    }
  }
}

/// What can be done with the journal in any transaction.
enum RowJournal {
  /// From which row to which they lie; nil for none.
  static func range(_ db: Database, file: String) throws -> ClosedRange<UInt32>? {
    let sql = "SELECT (SELECT min(ordinal) FROM row_journal), (SELECT max(ordinal) FROM row_journal)"
    guard let row = try Row.fetchOne(db.cachedStatement(sql: sql)), row.optionalNumber(0) != nil else { return nil }
    let (first, last) = (try row.unsigned(0, file: file), try row.unsigned(1, file: file))
    return first...max(first, last)
  }

  /// Takes all rows out, and overwrites their bytes: rows that are taken down must be gone.
  static func clear(_ db: Database) throws {
    try db.execute(sql: "PRAGMA secure_delete = ON")
    defer { try? db.execute(sql: "PRAGMA secure_delete = OFF") }
    try db.execute(sql: "DELETE FROM row_journal")
  }
}
