import Catalogue
import Foundation
import GRDB
import Service
import VectorIndex
import WireProtocol

/// The record with anything in its columns.
///
/// The input's first byte says what the record is used for; the rest is a list of changes (see ``RecordChange``) to a sound `catalogue.sqlite` whose tables have lost their types and constraints: what damage, or
/// another program, may leave there. Whatever it holds, everything that reads or writes it answers, or throws an error that names the file; and what the
/// engine answers is JSON.
enum RecordFuzzing {
  /// A sound catalogue.
  private struct Base {
    let layout: CatalogueLayout
    let database: [UInt8]
    let rowFile: String
    let rows: [UInt8]
    let columns: [RecordColumn]
  }

  private static let base = Result { try makeBase() }

  static func run(_ input: [UInt8]) throws {
    let base = try base.get()
    // A file of its own for every input: of the one before, a descriptor may still be open.
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try? FileManager.default.removeItem(atPath: base.layout.database + suffix)
    }
    try Data(base.database).write(to: URL(fileURLWithPath: base.layout.database))
    // Who opens a catalogue gives rows of the journal back to the file.
    for name in try FileManager.default.contentsOfDirectory(atPath: base.layout.rows(generation: 0)) {
      try FileManager.default.removeItem(atPath: "\(base.layout.rows(generation: 0))/\(name)")
    }
    try Data(base.rows).write(to: URL(fileURLWithPath: base.rowFile))
    guard let first = input.first else { return }
    try RecordChange.apply(Array(input.dropFirst()), to: base.layout.database, base.columns)
    try RecordUse(base.layout).run(way: Int(first))
  }

  // MARK: The catalogue

  private static func makeBase() throws -> Base {
    let (edited, path) = ("\(Scratch.directory)/edited.kagami", "\(Scratch.directory)/record.kagami")
    try FileManager.default.copyItem(atPath: FuzzCatalogue.shared.get().path, toPath: edited)
    try edit(edited)
    let layout = CatalogueLayout(directory: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try DatabaseQueue(path: CatalogueLayout(directory: edited).database).vacuum(into: layout.database)
    for name in ["rows", "index", "CURRENT"] {
      try FileManager.default.copyItem(atPath: "\(edited)/\(name)", toPath: "\(path)/\(name)")
    }
    let columns = try loosen(layout.database)
    let rowFile = "\(layout.rows(generation: 0))/000001.rows"
    return Base(
      layout: layout, database: [UInt8](try Data(contentsOf: URL(fileURLWithPath: layout.database))), rowFile: rowFile,
      rows: [UInt8](try Data(contentsOf: URL(fileURLWithPath: rowFile))), columns: columns)
  }

  /// Gives every table some rows.
  private static func edit(_ path: String) throws {
    let engine = try Engine(path: path, threads: 1)
    let answers = try StreamFuzzing.answers(engine, [Array(edits.utf8)[...]], isReadOnly: false)
    for answer in answers where !String(decoding: answer, as: UTF8.self).contains(#""result""#) {
      throw FuzzFinding("the record could not be made: \(String(decoding: answer, as: UTF8.self))")
    }
  }

  private static let edits = """
    {"jsonrpc":"2.0","id":1,"method":"members.put","params":{"member":"m1","name":"M","contact":"m@example.org"}}
    {"jsonrpc":"2.0","id":2,"method":"works.put","params":{"member":"m1","work":"w1","title":"W","attributes":{"a":1}}}
    {"jsonrpc":"2.0","id":3,"method":"items.upsert","params":{"op_id":"o","items":[{"key":"k1","vector":[1,2,3,4,5,6,7,8],"member":"m1","work":"w1","title":"T","source":"S","timecode":"0:01"},{"key":"n","vector":[8,7,6,5,4,3,2,1]}]}}
    {"jsonrpc":"2.0","id":4,"method":"items.remove","params":{"keys":["k2"]}}
    {"jsonrpc":"2.0","id":5,"method":"permissions.put","params":{"id":"p1","member":"m1","licensee":"acme","uses":["training","display"],"territories":["JP"],"valid_from":"2025-01-01","valid_until":"2026-01-01","granted_at":"2024-12-20","reference":"r"}}
    {"jsonrpc":"2.0","id":6,"method":"permissions.put","params":{"id":"p2","member":"m1","work":"w1","item":"k1","licensee":"acme","uses":["training"],"granted_at":"2024-12-20"}}
    {"jsonrpc":"2.0","id":7,"method":"permissions.revoke","params":{"id":"p1","revoked_at":"2025-09-01","reference":"letter"}}

    """

  /// Makes every table anew without types, keys and constraints, but with its indexes.
  ///
  /// - Returns: The columns that a change can be made to.
  private static func loosen(_ path: String) throws -> [RecordColumn] {
    let queue = try DatabaseQueue(path: path)
    var columns: [RecordColumn] = []
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      let indexes = try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
      try db.execute(
        sql: "INSERT INTO retired (key, checksum, seq, removed_seq, retired_seq) VALUES ('k1', 1, 1, 1, 1)")
      for table in tables {
        let names = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
        try db.execute(
          sql: """
            CREATE TABLE loose (\(names.joined(separator: ", ")));
            INSERT INTO loose SELECT * FROM \(table);
            DROP TABLE \(table);
            ALTER TABLE loose RENAME TO \(table);
            """)
        let rows = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        columns += names.map { RecordColumn(table: table, name: $0, rows: rows) }
      }
      for index in indexes { try db.execute(sql: index) }
      try db.execute(sql: "VACUUM")
    }
    try queue.close()
    return columns
  }
}
