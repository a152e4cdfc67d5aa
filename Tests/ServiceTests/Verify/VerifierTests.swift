import Foundation
import Service
import TestSupport
import Testing

@Suite struct VerifierTests {
  private let fixture: Fixture
  private var file: String { fixture.path + "/rows/000001.rows" }

  init() throws {
    fixture = try Fixture.sample()
  }

  private func findings() throws -> [String] {
    try Verifier(path: fixture.path).run { _, _ in }.findings.map { "\($0.file): \($0.description)" }
  }

  private func flip(bit: UInt8, at offset: UInt64) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    try handle.seek(toOffset: offset)
    let byte = try #require(handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data([byte ^ (1 << bit)]))
    try handle.close()
  }

  /// Where the first of 256 half-precision numbers of row 0 lies: behind the header and a norm for each of 65,536 rows.
  private let rowsOffset: UInt64 = 4096 + 65_536 * 4

  @Test func `A sound catalogue has no findings`() throws {
    let report = try Verifier(path: fixture.path).run { _, _ in }
    #expect(report.findings.isEmpty)
    #expect(report.rowsChecked == 1785)
    #expect(report.sequence == 1)
  }

  @Test(arguments: [0, 1, 700, 1784])
  func `A flipped bit of a row names file and row`(_ row: UInt64) throws {
    var generator = SeededGenerator(seed: row)
    let offset = rowsOffset + row * 512 + UInt64.random(in: 0..<512, using: &generator)
    try flip(bit: UInt8.random(in: 0..<8, using: &generator), at: offset)
    #expect(try findings() == ["\(file): row \(row) does not match its checksum"])
  }

  @Test func `Every damaged row is named`() throws {
    for row in [3, 5, 900] { try flip(bit: 2, at: rowsOffset + UInt64(row) * 512) }
    #expect(try findings() == [3, 5, 900].map { "\(file): row \($0) does not match its checksum" })
  }

  @Test func `A flipped bit of a norm is found`() throws {
    try flip(bit: 6, at: 4096 + 4 * 17 + 2)
    #expect(try findings() == ["\(file): row 17 does not match its norm"])
  }

  @Test func `A damaged header is found`() throws {
    try flip(bit: 0, at: 16)
    #expect(try findings().count == 1)
    #expect(try findings()[0].contains("header"))
  }

  @Test func `A shortened row file is found`() throws {
    try truncate(to: rowsOffset + 1000 * 512)
    #expect(try findings().count == 1)
    #expect(try findings()[0].contains("\(file)"))
    try truncate(to: 10)
    #expect(try findings()[0].contains("too few for its header"))
  }

  @Test func `A missing row file is found`() throws {
    try FileManager.default.removeItem(atPath: file)
    #expect(try findings().count == 1)
    #expect(try findings()[0].contains("\(file)"))
  }

  @Test func `Progress ends with all rows or says nothing`() throws {
    var last = 0
    _ = try Verifier(path: fixture.path).run { done, total in
      #expect(done <= total)
      last = max(last, done)
    }
    #expect(last <= 1785)
  }

  private func truncate(to length: UInt64) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    try handle.truncate(atOffset: length)
    try handle.close()
  }
}
