import Catalogue
import Foundation
import GRDB
import TestSupport
import Testing

extension TemporaryDirectory {
  /// A new catalogue in the directory.
  func makeCatalogue(_ model: ModelSpace = ModelSpace(dimension: 8)) throws -> CatalogueStore {
    try CatalogueStore.create(at: catalogue, model: model)
    return try open()
  }

  var catalogue: String { path + "/art.kagami" }
  var database: String { catalogue + "/catalogue.sqlite" }

  func open(_ access: CatalogueStore.Access = .readWrite) throws -> CatalogueStore {
    try CatalogueStore.open(at: catalogue, access: access)
  }

  /// Makes of the catalogue what an older format was: 3 had operations without their requests, 2 no journal of rows, 1 no permissions and nothing
  /// that edits need.
  func downgrade(to format: Int = 1) throws {
    guard format == 1 else {
      return try tamper(
        """
        ALTER TABLE operation DROP COLUMN request; \(format < 3 ? "DROP TABLE row_journal;" : "")
        UPDATE catalogue SET format = \(format); PRAGMA user_version = \(format);
        """)
    }
    try tamper(
      """
      DROP TABLE revocation; DROP TABLE permission; DROP TABLE operation; DROP TABLE retired;
      DROP TABLE row_journal;
      ALTER TABLE member DROP COLUMN removed_seq; ALTER TABLE work DROP COLUMN removed_seq;
      ALTER TABLE catalogue DROP COLUMN generation; UPDATE catalogue SET format = 1; PRAGMA user_version = 1;
      """)
  }

  /// Changes the SQLite file behind the catalogue's back.
  func tamper(_ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: database, configuration: configuration)
    try queue.inDatabase { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON")
      try db.execute(sql: sql)
    }
    try queue.close()
  }
}

extension CatalogueWriter {
  /// Commits records at the next ordinals.
  @discardableResult
  func commit(_ items: [ItemRecord]) throws -> Commit {
    try commit(items, startingAt: nextOrdinal)
  }
}

/// Records with the given keys; the checksum tells two of the same key apart.
func records(_ keys: String..., checksum: UInt32 = 0) -> [ItemRecord] {
  keys.map { ItemRecord(key: $0, checksum: checksum) }
}

extension CatalogueStore {
  /// Live keys by ordinal.
  func liveKeys() throws -> [UInt32: String] {
    var keys: [UInt32: String] = [:]
    try read { try $0.forEachItem { if !$0.isRemoved { keys[$0.ordinal] = $0.key } } }
    return keys
  }
}

/// The error that `body` throws, if it is one of the catalogue's.
func catalogueError(_ body: () throws -> Void) -> CatalogueError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CatalogueError
  }
}

extension Commit {
  /// The numbers alone: without the items and what is said of other changes.
  var plain: Commit {
    Commit(seq: seq, ordinals: ordinals, replaced: replaced, superseded: superseded, removed: removed)
  }
}
