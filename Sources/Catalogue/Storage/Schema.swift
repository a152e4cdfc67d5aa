import GRDB

/// The tables of `catalogue.sqlite`, and the numbers that identify the file.
enum Schema {
  /// SQLite's `application_id` of a catalogue: "KGMI" in ASCII.
  static let applicationID: Int64 = 0x4B47_4D49

  /// The newest format that this release reads, and the one that it writes; SQLite's `user_version`.
  static let format: Int64 = 4

  /// Makes all tables in an empty database.
  static func install(in db: Database) throws {
    try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(format);")
    try db.execute(sql: tables)
    try db.execute(sql: itemTable(named: "item"))
    try db.execute(sql: itemIndexes)
    try db.execute(sql: editTables)
    try db.execute(sql: permissionTables)
    try db.execute(sql: rowJournalTable)
    try db.execute(sql: operationRequests)
  }

  /// The tables and indexes that format 1 had already.
  ///
  /// A `seq` is the number of the commit that made the change. Numbers of members and works count from 1, ordinals of
  /// items from 0, all without gaps. Foreign keys are declared for `PRAGMA foreign_key_check`.
  private static let tables = """
    CREATE TABLE catalogue (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      format INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq >= 0)
    ) STRICT;

    CREATE TABLE model (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      name TEXT,
      dimension INTEGER NOT NULL CHECK (dimension > 0),
      metric TEXT NOT NULL CHECK (metric IN ('cosine', 'ip', 'l2')),
      storage TEXT NOT NULL CHECK (storage IN ('f16', 'f32')),
      preprocessing TEXT,
      digest TEXT
    ) STRICT;

    CREATE TABLE member (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      id TEXT NOT NULL UNIQUE,
      name TEXT,
      contact TEXT,
      joined_at TEXT,
      created_seq INTEGER NOT NULL,
      updated_seq INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE work (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      member INTEGER REFERENCES member(number),
      id TEXT NOT NULL,
      title TEXT,
      kind TEXT,
      first_published TEXT,
      attributes TEXT CHECK (attributes IS NULL OR (json_valid(attributes) AND json_type(attributes) = 'object')),
      created_seq INTEGER NOT NULL,
      updated_seq INTEGER NOT NULL
    ) STRICT;

    CREATE UNIQUE INDEX work_by_id ON work (ifnull(member, 0), id);
    """
}

extension Schema {
  /// Checks that `db` is a catalogue in a format that this release reads.
  static func check(_ db: Database, file: String) throws {
    guard try number("PRAGMA application_id", in: db) == applicationID else {
      throw CatalogueError.notACatalogue(path: file, reason: "an SQLite file of another program")
    }
    let found = try number("PRAGMA user_version", in: db)
    guard found <= format else { throw CatalogueError.newer(file: file, format: found, supported: format) }
    guard found >= 1 else { throw CatalogueError.damaged(file: file, reason: "its format is \(found)") }
  }

  /// What never changes about the catalogue.
  static func identity(_ db: Database, file: String) throws -> CatalogueIdentity {
    let sql = """
      SELECT id, format, created_at, name, dimension, metric, storage, preprocessing, digest
      FROM catalogue, model
      """
    guard let row = try Row.fetchOne(db, sql: sql) else {
      throw CatalogueError.damaged(file: file, reason: "it describes no catalogue and model")
    }
    let dimension = row.number(4)
    guard let metric = row.text(5).flatMap(ModelSpace.Metric.init(rawValue:)),
      let storage = row.text(6).flatMap(ModelSpace.Storage.init(rawValue:)),
      (1...Int64(ModelSpace.largestDimension)).contains(dimension)
    else { throw CatalogueError.damaged(file: file, reason: "its model has no valid dimension, metric or storage") }
    return CatalogueIdentity(
      id: row.text(0) ?? "", format: row.number(1), createdAt: row.text(2) ?? "",
      model: ModelSpace(
        name: row.text(3), dimension: Int(dimension), metric: metric, storage: storage,
        preprocessing: row.text(7), digest: row.text(8)))
  }

  /// The one number that `sql` answers, or 0.
  static func number(_ sql: String, in db: Database) throws -> Int64 {
    try Row.fetchOne(db, sql: sql)?.number(0) ?? 0
  }
}
