import Foundation
import GRDB

extension CatalogueTransaction {
  /// How many rows the journal holds.
  public var journaledRows: Int { state.journaledRows }

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

  /// Forgets the rows of the journal; the row files have been synced since they came.
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
  /// - Throws: ``CatalogueError``; the journal then stays, which costs nothing but its room.
  public func clearJournal() throws {
    try inTransaction { db, state in
      guard state.journaledRows > 0 else { return }
      try RowJournal.clear(db)
      state.journaledRows = 0
    }
  }
}

/// What can be done with the journal in any transaction.
enum RowJournal {
  /// Takes all rows out, and overwrites their bytes: rows that are taken down must be gone.
  static func clear(_ db: Database) throws {
    try db.execute(sql: "PRAGMA secure_delete = ON")
    defer { try? db.execute(sql: "PRAGMA secure_delete = OFF") }
    try db.execute(sql: "DELETE FROM row_journal")
  }
}
