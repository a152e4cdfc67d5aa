import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// Whatever an engine starts from, it gives the same answers.
@Suite struct SnapshotServingTests {
  @Test func `An engine that starts from a snapshot answers as one that reads the record`() throws {
    let home = try SnapshotFixture(snapshots: 0)
    let before = try home.fixture.open()
    let answers = try SnapshotFixture.answers(before)
    let report = try home.build()
    #expect(report.number == 1 && report.sequence == 1 && report.rows == 1785)
    let after = try home.fixture.open()
    #expect(before.snapshotNumber == nil && after.snapshotNumber == 1)
    #expect(try SnapshotFixture.answers(after) == answers)
  }

  @Test func `What came and went after the snapshot is replayed`() throws {
    let home = try SnapshotFixture(snapshots: 1)
    try home.add(["new/1", "moonreed/tram-depot-under-stars/04", "new/2"])
    try home.remove(["moonreed/tram-depot-under-stars/05", "new/2"])
    let mapped = try home.fixture.open()
    #expect(mapped.snapshotNumber == 1 && mapped.snapshot.sequence == 3)
    try FileManager.default.removeItem(atPath: home.path + "/index")
    try FileManager.default.removeItem(atPath: home.currentFile)
    let read = try home.fixture.open()
    #expect(read.snapshotNumber == nil && read.snapshotTroubles.isEmpty)
    #expect(mapped.snapshot.live == read.snapshot.live)
    #expect(try SnapshotFixture.answers(mapped) == SnapshotFixture.answers(read))
    for row in 0..<UInt32(read.snapshot.count) {
      #expect(mapped.snapshot.keys[row] == read.snapshot.keys[row])
      #expect(mapped.snapshot.works[row] == read.snapshot.works[row])
      #expect(mapped.snapshot.members[row] == read.snapshot.members[row])
    }
  }

  @Test func `A row that was removed after the snapshot never comes back`() throws {
    let home = try SnapshotFixture(snapshots: 1)
    let key = "moonreed/tram-depot-under-stars/04"
    try home.remove([key])
    #expect(try !SnapshotFixture.answers(home.fixture.open())[0].contains(key))
    try home.build()
    #expect(try !SnapshotFixture.answers(home.fixture.open())[0].contains(key))
    // Also not from the snapshot before, which still has it.
    try home.write("000001\n", to: home.currentFile)
    let engine = try home.fixture.open()
    #expect(engine.snapshotNumber == 1)
    #expect(try !SnapshotFixture.answers(engine)[0].contains(key))
  }

  @Test func `A running engine takes up the snapshot that another process made`() throws {
    let home = try SnapshotFixture(snapshots: 0)
    let engine = try home.fixture.open()
    let answers = try SnapshotFixture.answers(engine)
    try home.build()
    Thread.sleep(forTimeInterval: 0.15)
    #expect(try SnapshotFixture.answers(engine) == answers)
    #expect(engine.snapshotNumber == 1)
    try home.add(["new/1"])
    try home.build()
    try home.build()
    Thread.sleep(forTimeInterval: 0.15)
    _ = try SnapshotFixture.answers(engine)
    #expect(engine.snapshotNumber == 3 && engine.snapshot.sequence == 2)
  }

  @Test func `Searches go on while snapshots are made and the catalogue grows`() throws {
    let home = try SnapshotFixture(snapshots: 0)
    let engine = try home.fixture.open()
    let expected = try SnapshotFixture.answers(engine)[0]
    let builds = DispatchGroup()
    DispatchQueue.global().async(group: builds) {
      for _ in 0..<5 { #expect(throws: Never.self) { try IndexBuild(engine).run() } }
    }
    var looks = 0
    while builds.wait(timeout: .now()) == .timedOut || looks < 10 {
      #expect(try SnapshotFixture.answers(engine)[0] == expected)
      looks += 1
    }
    #expect(engine.snapshotNumber == 5)
    #expect(home.numbers == ["000004", "000005"])
  }

  @Test func `An empty catalogue has a snapshot, too`() throws {
    let fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 2))
    #expect(try IndexBuild(fixture.open()).run().rows == 0)
    let engine = try fixture.open()
    #expect(engine.snapshotNumber == 1 && engine.snapshotTroubles.isEmpty && engine.snapshot.count == 0)
    try fixture.run(fixture.request([[1, 0]], metadata: [#"{"key":"a"}"#]))
    try engine.refresh()
    #expect(engine.snapshot.liveCount == 1)
  }
}
