import Catalogue
import GRDB
import TestSupport
import Testing

@Suite struct SchemaTests {
  /// Every column as `name type`, `!` where NULL is refused, in the order of the tables.
  static let golden = [
    "catalogue: one INTEGER, id TEXT!, format INTEGER!, created_at TEXT!, seq INTEGER!, generation INTEGER!",
    """
    item: ordinal INTEGER, key TEXT!, member INTEGER, work INTEGER, kind TEXT, title TEXT, source TEXT, timecode ANY, \
    attributes TEXT, checksum INTEGER!, seq INTEGER!, removed_seq INTEGER
    """,
    """
    member: number INTEGER, id TEXT!, name TEXT, contact TEXT, joined_at TEXT, created_seq INTEGER!, \
    updated_seq INTEGER!, removed_seq INTEGER
    """,
    """
    model: one INTEGER, name TEXT, dimension INTEGER!, metric TEXT!, storage TEXT!, preprocessing TEXT, digest TEXT
    """,
    "operation: id TEXT!, seq INTEGER!, answer TEXT!, request TEXT",
    """
    permission: number INTEGER, id TEXT!, scope TEXT!, member INTEGER!, work INTEGER, item TEXT, licensee TEXT!, \
    uses TEXT!, territories TEXT, valid_from INTEGER, valid_until INTEGER, granted_at INTEGER!, recorded_at INTEGER!, \
    reference TEXT, seq INTEGER!
    """,
    """
    retired: number INTEGER, key TEXT!, checksum INTEGER!, seq INTEGER!, removed_seq INTEGER!, retired_seq INTEGER!
    """,
    """
    revocation: number INTEGER, permission INTEGER!, revoked_at INTEGER!, recorded_at INTEGER!, reference TEXT, \
    seq INTEGER!
    """,
    """
    row_journal: ordinal INTEGER, bytes BLOB!
    """,
    """
    work: number INTEGER, member INTEGER, id TEXT!, title TEXT, kind TEXT, first_published TEXT, attributes TEXT, \
    created_seq INTEGER!, updated_seq INTEGER!, removed_seq INTEGER
    """,
  ]

  @Test(arguments: [1, 2, 3, 4])
  func `Format 4 has these tables and numbers, new or migrated`(from format: Int) throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    if format < 4 {
      try home.downgrade(to: format)
      _ = try home.open().makeWriter()
    }
    let queue = try DatabaseQueue(path: home.database)
    try queue.read { db in
      let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      let found = try tables.map { table in
        let columns = try Row.fetchAll(
          db, sql: "SELECT name, type, \"notnull\" FROM pragma_table_info(?)", arguments: [table])
        return "\(table): "
          + columns.map { "\($0[0] as String) \($0[1] as String)\($0[2] == 1 ? "!" : "")" }.joined(separator: ", ")
      }
      #expect(found == SchemaTests.golden)
      let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
      #expect(
        try String.fetchAll(db, sql: indexes) == [
          "item_by_key", "item_by_removal", "item_by_work", "operation_by_seq",
          "permission_by_item", "permission_by_licensee",
          "permission_by_subject", "retired_by_key", "revocation_by_permission", "work_by_id",
        ])
      #expect(try Int.fetchOne(db, sql: "PRAGMA application_id") == 0x4B47_4D49)
      #expect(try Int.fetchOne(db, sql: "PRAGMA user_version") == 4)
      #expect(try Int.fetchOne(db, sql: "SELECT format FROM catalogue") == 4)
      #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
    }
  }
}
