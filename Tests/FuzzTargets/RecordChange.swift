import Foundation
import GRDB

/// A column of the record.
struct RecordColumn {
  let table: String
  let name: String
  /// Rows of the table.
  let rows: Int
}

/// Changes of the record: four bytes each (what, which column, which row, which value), and the bytes of a text or blob.
enum RecordChange {
  /// Most of what an input may ask for: the interesting places are few.
  private static let most = 16

  private static let numbers: [Int64] = [
    0, 1, 2, 3, 5, 24, 26, 255, -1, 1 << 31, (1 << 31) - 1, 1 << 32, (1 << 32) - 1, (1 << 32) - 2, .max, .min, 1 << 53,
    253_402_300_800_000, -62_135_596_800_001, 8_640_000_000_000_001,
  ]

  /// As SQL writes them.
  private static let values: [String] = [
    "NULL", "0.5", "-0.0", "1e300", "9e999", "-9e999", "1.0", "''", "x''", "'cosine'", "'l2'", "'f32'", "'item'",
    "'k1'",
    "'k2'", "'m1'", "'{}'", "'{'", "'[]'", "'[1,{}]'", "'{\"a\":'", "'{\"a\":1}'", "'{\"key\":1,\"a\":\"\\u0000\"}'",
    "'{\"a\":[1,2.5,\"x\",null,true]}'", "'{\"a\":1,\"a\":2}'", "'{a:1}'", "'null'", "'\"'", "char(10)", "char(0)",
    "CAST(x'FF' AS TEXT)", "CAST(x'6B00' AS TEXT)", "CAST(x'EDA080' AS TEXT)", "'training,,display'", "','",
    "'{\"a\":1}' || char(10) || '{\"b\":2}'", "replace(hex(zeroblob(40000)), '00', 'x')", "zeroblob(70000)",
    "replace(hex(zeroblob(600)), '00', '[')",
    "'{\"a\":' || replace(hex(zeroblob(300)), '00', '[') || replace(hex(zeroblob(300)), '00', ']') || '}'",
  ]

  /// Makes changes to a file.
  ///
  /// - Parameters:
  ///   - input: See above.
  ///   - path: The SQLite file.
  ///   - columns: What can be changed.
  /// - Throws: `DatabaseError` where the file cannot be opened.
  static func apply(_ input: [UInt8], to path: String, _ columns: [RecordColumn]) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF") }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    queue.writeWithoutTransaction { db in
      var rest = input[...]
      for _ in 0..<most where rest.count >= 4 {
        let (sql, arguments) = change(&rest, columns)
        // An index may forbid it.
        try? db.execute(sql: sql, arguments: arguments)
      }
    }
    try queue.close()
  }

  private static func change(
    _ rest: inout ArraySlice<UInt8>, _ columns: [RecordColumn]
  ) -> (sql: String, arguments: StatementArguments) {
    let bytes = rest.prefix(4).map(Int.init)
    rest = rest.dropFirst(4)
    let column = columns[bytes[1] % columns.count]
    let table = column.table
    let row = "rowid = (SELECT rowid FROM \(table) ORDER BY rowid LIMIT 1 OFFSET \(bytes[2] % max(column.rows, 1)))"
    switch bytes[0] % 16 {
    case 0: return ("DELETE FROM \(table) WHERE \(row)", [])
    case 1: return ("INSERT INTO \(table) SELECT * FROM \(table) WHERE \(row)", [])
    case 2: return ("PRAGMA user_version = \(bytes[3] % 5)", [])
    case 3: return ("DELETE FROM \(table) WHERE rowid > \(bytes[2])", [])
    case 4: return ("UPDATE \(table) SET \(column.name) = \(values[bytes[3] % values.count])", [])
    case 5...8: return ("UPDATE \(table) SET \(column.name) = \(values[bytes[3] % values.count]) WHERE \(row)", [])
    case 9...11: return ("UPDATE \(table) SET \(column.name) = \(numbers[bytes[3] % numbers.count]) WHERE \(row)", [])
    case 12: return ("UPDATE \(table) SET \(column.name) = \(bytes[3]) WHERE \(row)", [])
    default:
      let body = Data(rest.prefix(bytes[3]))
      rest = rest.dropFirst(bytes[3])
      let type = bytes[0] % 16 == 15 ? "BLOB" : "TEXT"
      return ("UPDATE \(table) SET \(column.name) = CAST(? AS \(type)) WHERE \(row)", [body])
    }
  }
}
