import GRDB

extension Schema {
  /// What format 2 added for edits.
  ///
  /// Members and works that go keep their numbers, which rows and snapshots carry. An operation is remembered so that the
  /// same one, sent again after a lost answer, is not done twice. A retired row is one whose bytes are gone: its checksum
  /// stays for ever, so that evidence of earlier times can still be told apart from a mistake.
  static let editTables = """
    ALTER TABLE member ADD COLUMN removed_seq INTEGER;
    ALTER TABLE work ADD COLUMN removed_seq INTEGER;
    ALTER TABLE catalogue ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE operation (
      id TEXT PRIMARY KEY,
      seq INTEGER NOT NULL,
      answer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX operation_by_seq ON operation (seq);

    CREATE TABLE retired (
      number INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      checksum INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      removed_seq INTEGER NOT NULL,
      retired_seq INTEGER NOT NULL
    ) STRICT;

    CREATE INDEX retired_by_key ON retired (key);
    """

  /// What format 4 added: what an operation was asked to do, so that its name cannot be given to another one unnoticed.
  ///
  /// NULL for those that older releases remembered.
  static let operationRequests = "ALTER TABLE operation ADD COLUMN request TEXT;"

  /// Brings a catalogue of an older format up to the newest one, whole or not at all; whoever calls it holds the lock.
  ///
  /// It is no commit: nothing that a reader could ask of the older format changes. Readers that are open meanwhile find the new tables
  /// with their next read.
  static func migrate(_ db: Database) throws {
    let found = try number("PRAGMA user_version", in: db)
    guard found < format else { return }
    try db.inTransaction(.immediate) {
      if found < 2 {
        try db.execute(sql: editTables)
        try db.execute(sql: permissionTables)
      }
      if found < 3 { try db.execute(sql: rowJournalTable) }
      if found < 4 { try db.execute(sql: operationRequests) }
      try db.execute(sql: "UPDATE catalogue SET format = \(format); PRAGMA user_version = \(format);")
      return .commit
    }
  }

  /// Whether the open state has what format 2 added.
  static func hasEdits(_ db: Database) throws -> Bool { try isFormat(2, db) }

  /// Whether the open state has what format 3 added.
  static func hasRowJournal(_ db: Database) throws -> Bool { try isFormat(3, db) }

  private static func isFormat(_ format: Int64, _ db: Database) throws -> Bool {
    try Row.fetchOne(db.cachedStatement(sql: "PRAGMA user_version"))?.number(0) ?? 0 >= format
  }
}
