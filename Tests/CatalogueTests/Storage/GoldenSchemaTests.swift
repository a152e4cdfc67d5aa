import GRDB
import TestSupport
import Testing

/// The tables of the newest golden catalogue are those that are made today.
@Suite struct GoldenSchemaTests {
  private func schema(_ database: String) throws -> [String] {
    let rows = try DatabaseQueue(path: database).read { db in
      try Row.fetchAll(
        db, sql: "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    }
    return rows.map { row in (0..<3).map { row[$0] as String? ?? "" }.joined(separator: " ") }
  }

  @Test func `Tables and indexes are the same`() throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    let golden = try GoldenCatalogue()
    let (old, new) = (try schema("\(golden.path)/catalogue.sqlite"), try schema(home.database))
    #expect(old == new && old.count > 8)
  }
}
