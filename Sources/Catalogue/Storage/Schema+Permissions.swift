import GRDB

extension Schema {
  /// Whether there are tables of permissions: since format 2.
  static func hasPermissions(_ db: Database) throws -> Bool {
    try Row.fetchOne(db.cachedStatement(sql: "PRAGMA user_version"))?.number(0) ?? 0 >= 2
  }

  /// The tables and indexes that format 2 adds.
  ///
  /// Instants are milliseconds since 1970, UTC. Numbers count from 1 without gaps, in the order of `recorded_at`. A permission that names an
  /// item names its key, so that it holds for whatever row the item has. Lists are separated by commas; no territories is worldwide.
  static let permissionTables = """
    CREATE TABLE IF NOT EXISTS permission (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      id TEXT NOT NULL UNIQUE CHECK (id <> ''),
      scope TEXT NOT NULL CHECK (scope = iif(item IS NOT NULL, 'item', iif(work IS NOT NULL, 'work', 'member'))),
      member INTEGER NOT NULL REFERENCES member(number),
      work INTEGER REFERENCES work(number),
      item TEXT CHECK (item <> ''),
      licensee TEXT NOT NULL CHECK (licensee <> ''),
      uses TEXT NOT NULL CHECK (uses <> ''),
      territories TEXT CHECK (territories <> ''),
      valid_from INTEGER,
      valid_until INTEGER CHECK (valid_from < valid_until),
      granted_at INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      reference TEXT,
      seq INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS revocation (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      permission INTEGER NOT NULL REFERENCES permission(number),
      revoked_at INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      reference TEXT,
      seq INTEGER NOT NULL
    ) STRICT;

    CREATE INDEX IF NOT EXISTS permission_by_licensee
      ON permission (licensee, member, ifnull(work, 0), ifnull(item, ''), number);
    CREATE INDEX IF NOT EXISTS permission_by_subject
      ON permission (member, ifnull(work, 0), ifnull(item, ''), id, licensee, recorded_at);
    CREATE INDEX IF NOT EXISTS permission_by_item ON permission (member) WHERE item IS NOT NULL;
    CREATE INDEX IF NOT EXISTS revocation_by_permission ON revocation (permission);
    """
}
