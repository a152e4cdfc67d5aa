import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Whether the vectors of a removed key are gone is told from the files, not from the record alone.
@Suite struct RemovalProofTests {
  private let home: SnapshotFixture
  private let key = "moonreed/tram-depot-under-stars/01"
  private var rowFile: String { home.path + "/rows/000001.rows" }
  /// Where row 0 lies: behind the header and the norms.
  private let rowsOffset = 4096 + 65_536 * 4

  init() throws {
    home = try SnapshotFixture(snapshots: 0)
  }

  private func proof(_ key: String? = nil) throws -> RemovalProof {
    try RemovalProof(path: home.path, key: key ?? self.key)
  }

  /// What a compaction leaves of a row.
  private func zero(row: Int) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: rowFile))
    for (offset, count) in [(rowsOffset + row * 512, 512), (4096 + row * 4, 4)] {
      try handle.seek(toOffset: UInt64(offset))
      try handle.write(contentsOf: Data(count: count))
    }
    try handle.close()
  }

  @Test func `A key that is live, or was never there, is not gone`() throws {
    let live = try proof()
    #expect(live.state == .live && live.rows.count == 1 && live.rows[0].isInRows)
    #expect(live.json.contains(#""state":"live","gone":false,"live":true"#))
    let unknown = try proof("moonreed/tram-depot-under-stars/0l")
    #expect(unknown.state == .unknown && unknown.rows.isEmpty)
    #expect(unknown.json.contains(#""state":"unknown","gone":false,"live":false,"rows":[]"#))
    #expect(try proof("a\0b").state == .unknown)
  }

  @Test func `A removed key is held until its bytes and its code are gone`() throws {
    try home.build()
    try home.remove([key])
    var found = try proof()
    #expect(found.state == .held && found.sequence == 2)
    #expect(found.rows[0].ordinal == 0 && found.rows[0].sequence == 1 && found.rows[0].removedSequence == 2)
    #expect(found.rows[0].isInRows && found.rows[0].snapshots.map(\.file) == [home.file(1)])
    try zero(row: 0)
    found = try proof()
    #expect(found.state == .held, "the code of the snapshot was made from the row")
    #expect(!found.rows[0].isInRows && found.rows[0].snapshots.map(\.isInForce) == [true])
    try home.build()
    found = try proof()
    #expect(found.state == .gone)
    #expect(found.rows[0].snapshots.map(\.isInForce) == [false], "the snapshot before still has it, and is named")
    #expect(found.json.contains(#""state":"gone","gone":true,"live":false"#))
    #expect(found.lines[0] == "\(key): gone: no file in force holds a vector of it, at revision 2.")
    try home.build()
    #expect(try proof().rows[0].snapshots.isEmpty)
    #expect(try proof().lines[1].hasSuffix("its code is in no snapshot"))
  }

  @Test func `Every row that a key ever had counts`() throws {
    try home.add([key])
    try home.add([key], seed: 2)
    #expect(try proof().state == .live)
    try home.remove([key])
    let found = try proof()
    #expect(found.rows.map(\.ordinal) == [0, 1785, 1786] && found.rows.map(\.removedSequence) == [2, 3, 4])
    try zero(row: 0)
    try zero(row: 1786)
    #expect(try proof().state == .held)
    #expect(try proof().rows.map(\.isInRows) == [false, true, false])
    try zero(row: 1785)
    #expect(try proof().state == .gone)
  }

  @Test func `Without the row file nothing is held, and a snapshot that cannot be read proves nothing`() throws {
    try home.build()
    try home.remove([key])
    try FileManager.default.removeItem(atPath: rowFile)
    #expect(try proof().state == .held, "its code is there")
    try home.damage(home.file(1))
    let found = try proof()
    #expect(found.state == .held && found.rows[0].snapshots.map(\.isReadable) == [false])
    #expect(found.lines[1].contains("nobody can tell what is in \(home.file(1))"))
    try FileManager.default.removeItem(atPath: home.path + "/index")
    #expect(try proof().state == .gone)
  }
}
