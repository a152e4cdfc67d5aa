import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// A snapshot that cannot be used costs nothing but time: the one before, or the record, gives the same answers, which say so.
@Suite struct SnapshotTroubleTests {
  private let home: SnapshotFixture
  private let answers: [String]

  init() throws {
    home = try SnapshotFixture(snapshots: 2)
    answers = try SnapshotFixture.answers(home.fixture.open())
    #expect(!answers[0].contains("degraded"))
  }

  /// Opens the catalogue and expects the same answers, marked.
  private func expectDegraded(from number: Int?, _ reasons: String..., source: SourceLocation = #_sourceLocation)
    throws
  {
    let engine = try home.fixture.open()
    #expect(engine.snapshotNumber == number, sourceLocation: source)
    #expect(engine.snapshotTroubles.count == reasons.count, sourceLocation: source)
    for (trouble, reason) in zip(engine.snapshotTroubles, reasons) {
      #expect(trouble.contains(reason), sourceLocation: source)
    }
    let found = try SnapshotFixture.answers(engine)
    #expect(found.filter { $0.contains(#","degraded":true"#) }.count == 3, sourceLocation: source)
    #expect(found.map { $0.replacing(#","degraded":true"#, with: "") } == answers, sourceLocation: source)
    let health = MemoryPipe.answers(engine, [Array((RequestLine.make("engine.health", 1) + "\n").utf8)[...]])
    #expect(health[0].contains(#""state":"degraded""#) && health[0].contains(reasons[0]), sourceLocation: source)
    // Until a new one is built, by this engine as well as by another process.
    try IndexBuild(engine).run()
    #expect(engine.snapshotTroubles.isEmpty && engine.snapshotNumber == 3, sourceLocation: source)
    #expect(try SnapshotFixture.answers(engine) == answers, sourceLocation: source)
    #expect(try Verifier(path: home.path).run { _, _ in }.findings.isEmpty, sourceLocation: source)
  }

  @Test func `A damaged snapshot is replaced by the one before`() throws {
    try home.damage(home.file(2))
    try expectDegraded(from: 1, "the checksum of its header does not match")
  }

  @Test func `Where both are damaged the record serves`() throws {
    try home.damage(home.file(2))
    try home.damage(home.file(1), at: 5000)
    try expectDegraded(from: nil, "the checksum of its header does not match", "keys.ends")
  }

  @Test func `CURRENT may name a snapshot that is not there`() throws {
    try home.write("000077\n", to: home.currentFile)
    try expectDegraded(from: 2, "000077/index.kagami-index: is in force but not there")
  }

  @Test(arguments: [
    "", "\n", "2", "000002 000001", "../000002", "-00001", "000000", "９９９９９９", String(repeating: "9", count: 99),
  ])
  func `CURRENT may be garbage`(_ text: String) throws {
    try home.write(text, to: home.currentFile)
    try expectDegraded(from: 2, "CURRENT: names no snapshot")
  }

  @Test func `CURRENT may be gone, then the newest is in force`() throws {
    try FileManager.default.removeItem(atPath: home.currentFile)
    let engine = try home.fixture.open()
    #expect(engine.snapshotNumber == 2 && engine.snapshotTroubles.isEmpty)
    #expect(try SnapshotFixture.answers(engine) == answers)
  }

  @Test func `Another catalogue's snapshot is refused`() throws {
    let other = try SnapshotFixture(snapshots: 1)
    try FileManager.default.removeItem(atPath: home.file(2))
    try FileManager.default.copyItem(atPath: other.file(1), toPath: home.file(2))
    try expectDegraded(from: 1, "belongs to another catalogue")
  }

  @Test func `A newer format is named`() throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: home.file(2)))
    bytes[8] = 9
    try FileManager.default.removeItem(atPath: home.file(2))
    try bytes.write(to: URL(fileURLWithPath: home.file(2)))
    try expectDegraded(from: 1, "written in format 9, this program reads up to 1")
  }

  @Test func `A record that was put back from a backup is not served from a later snapshot`() throws {
    let copy = home.path + "/catalogue.backup"
    try FileManager.default.copyItem(atPath: home.path + "/catalogue.sqlite", toPath: copy)
    try home.add(["new/1"])
    try home.build()
    for file in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.path + "/catalogue.sqlite" + file)
    }
    try FileManager.default.moveItem(atPath: copy, toPath: home.path + "/catalogue.sqlite")
    let engine = try home.fixture.open()
    #expect(engine.snapshotNumber == 2)
    #expect(engine.snapshotTroubles.count == 1 && engine.snapshotTroubles[0].contains("later than the catalogue's"))
    // And where the record went another way from there, to the same revision.
    try home.add(["different/1"], seed: 2)
    let again = try home.fixture.open()
    #expect(again.snapshotNumber == 2)
    #expect(again.snapshotTroubles.count == 1 && again.snapshotTroubles[0].contains("tells of other items"))
    #expect(again.snapshot.keys[1785] == "different/1")
  }

  @Test func `Damage in a large section is found while the engine serves, and the snapshot set aside`() throws {
    let fixture = try Fixture()
    let keys = (0..<140_000).map { #"{"key":"some quite long key of an item \#($0)"}"# }
    try fixture.run(fixture.request(keys.indices.map { [Float($0 % 1000 + 1), 1] }, metadata: keys))
    let file = fixture.path + "/index/000001/index.kagami-index"
    try IndexBuild(fixture.open()).run()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let place = try #require(bytes.firstRange(of: Data("item 70000".utf8))).lowerBound
    bytes[place] = UInt8(ascii: "j")
    try FileManager.default.removeItem(atPath: file)
    try bytes.write(to: URL(fileURLWithPath: file))
    let engine = try fixture.open()
    #expect(engine.snapshotNumber == 1 && engine.snapshot.keys[70_000].contains("jtem"))
    #expect(try Verifier(path: fixture.path).run { _, _ in }.snapshotFindings == 2, "the block, and row 70,000")
    #expect(try !engine.verifySnapshot())
    #expect(engine.snapshotNumber == nil && engine.snapshotTroubles[0].contains("section keys.bytes"))
    #expect(engine.snapshot.keys[70_000].contains("item") && engine.snapshot.liveCount == 140_000)
    #expect(try engine.verifySnapshot())
  }

  @Test func `A snapshot that says something else than the record is found by verifying`() throws {
    #expect(try Verifier(path: home.path).run { _, _ in }.snapshotsChecked == 2)
    let engine = try home.fixture.open()
    let (state, names) = (engine.snapshot, home.file(2))
    try FileManager.default.removeItem(atPath: names)
    var other = state
    other.remove(Ordinal(17))
    let reader = try SnapshotReader(path: home.file(1), catalogue: try id())
    let writer = try SnapshotWriter(path: home.file(2), catalogue: try id())
    try other.write(to: writer)
    for name in ["members.ends", "works.ends"] {
      writer.begin(name, of: UInt64.self)
      try writer.write(reader.section(name, of: UInt64.self))
    }
    for name in ["members.bytes", "works.bytes"] {
      writer.begin(name, of: UInt8.self)
      try writer.write(reader.section(name, of: UInt8.self))
    }
    writer.begin("works.members", of: UInt32.self)
    try writer.write(reader.section("works.members", of: UInt32.self))
    try writer.finish(sequence: 1, rowCount: 1785)
    let findings = try Verifier(path: home.path).run { _, _ in }.findings
    #expect(findings.map(\.description) == ["says something else of row 17 than the record"])
  }

  private func id() throws -> CatalogueID { try SnapshotFixture.id(of: home.path) }
}
