import Foundation
import TestSupport
import Testing

/// Rows are not compared with their checksums when they are searched; what is no number must not become an answer all the same.
@Suite struct DamagedNumberTests {
  /// Infinity and its opposite, in half precision.
  @Test(arguments: [[0x00, 0x7C], [0x00, 0xFC]] as [[UInt8]])
  func `A stored number that is none is an error that names the row`(_ number: [UInt8]) throws {
    let home = try TemporaryDirectory()
    let path = home.appending("art.kagami")
    #expect(try CommandResult.kagami("create", path, "--dimension", "4", "--metric", "ip").end == .exit(0))
    let items = #""items":[{"key":"a","vector":[1,2,3,4]},{"key":"b","vector":[4,3,2,1]}]"#
    let writer = try EngineProcess(["serve", path])
    #expect(try writer.ask(RequestLine.make("items.upsert", 1, items)).contains("\"upserted\":2"))
    writer.closeInput()
    #expect(try writer.waitForEnd() == .exit(0))
    let rows = "\(path)/rows/000001.rows"
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: rows))
    // Row 1, behind the header, the norms of 65,536 rows, and row 0.
    try handle.seek(toOffset: 4096 + 65_536 * 4 + 64)
    try handle.write(contentsOf: Data(number))
    try handle.close()
    let engine = try EngineProcess(["serve", path])
    let search = #""vector":[1,1,1,1],"k":2,"exact":true"#
    for parameters in [search, search + #","with_attributes":true"#] {
      let answer = try engine.ask(RequestLine.make("search", 2, parameters))
      #expect(answer.contains("\"kind\":\"storage_corrupt\""), "\(answer)")
      #expect(answer.contains("000001.rows: damaged: row 1, of b, holds what is no number"), "\(answer)")
    }
    #expect(try engine.ask(RequestLine.make("items.count", 3)).contains("\"count\":2"))
    let audit = try CommandResult.kagami("verify", path)
    #expect(audit.end == .exit(65) && (audit.text + audit.errors).contains("row 1"), "\(audit)")
  }
}
