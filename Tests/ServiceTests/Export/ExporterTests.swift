import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// What leaves a catalogue by an export comes back by an import, to the bit.
@Suite struct ExporterTests {
  private let home: TemporaryDirectory

  init() throws {
    home = try TemporaryDirectory()
  }

  private var vectors: String { home.appending("out.npy") }
  private var metadata: String { home.appending("out.jsonl") }

  @discardableResult
  private func export(_ path: String, filter: String? = nil, force: Bool = false) throws -> ExportReport {
    var request = ExportRequest(catalogue: path, vectors: vectors, metadata: metadata)
    (request.filter, request.overwrites) = (filter, force)
    return try Exporter(request) { _, _ in }.run()
  }

  /// Imports what was exported into a new catalogue.
  private func reimport(_ model: ModelSpace) throws -> String {
    let path = home.appending("again.kagami")
    var request = ImportRequest(catalogue: path, vectors: vectors)
    request.metadata = metadata
    (request.metric, request.storage, request.model) = (model.metric, model.storage, model.name)
    let report = try Importer(request, refuse: { Issue.record("\($0)") }, progress: { _ in }).run()
    #expect(report.refused == 0)
    return path
  }

  /// Records and rows of all live items, in the order of ordinals.
  private func contents(_ path: String) throws -> (items: [ItemRecord], rows: [[Float]], norms: [Float]) {
    let engine = try Engine(path: path, threads: 1)
    let live = engine.snapshot.live.ordinals
    let items = try engine.store.read { try $0.details(of: live) }.compactMap { $0?.record }
    return (
      items, live.map { engine.snapshot.rows.row(Ordinal($0)) }, live.map { engine.snapshot.rows.norm(of: Ordinal($0)) }
    )
  }

  @Test func `The sample comes back, without what was replaced or removed`() throws {
    let sample = try SnapshotFixture(snapshots: 0)
    try sample.add(["moonreed/tram-depot-under-stars/01", "new/1"])
    try sample.remove(["moonreed/tram-depot-under-stars/02", "new/1"])
    let report = try export(sample.path)
    #expect(report.rows == 1784 && report.sequence == 3)
    let (before, after) = (try contents(sample.path), try contents(try reimport(report.model)))
    #expect(before.items == after.items)
    #expect(before.rows == after.rows && before.norms == after.norms)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).count == 3, "drafts were left")
  }

  @Test(arguments: ModelSpace.Metric.allCases, ModelSpace.Storage.allCases)
  func `Every metric and storage comes back`(_ metric: ModelSpace.Metric, _ storage: ModelSpace.Storage) throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 11)
    let rows = (0..<40).map { _ in (0..<7).map { _ in Float.random(in: -3...3, using: &generator) } }
    var request = try fixture.request(rows)
    (request.metric, request.storage, request.model) = (metric, storage, "a model")
    try fixture.run(request)
    let report = try export(fixture.path)
    let (before, after) = (try contents(fixture.path), try contents(try reimport(report.model)))
    #expect(before.items == after.items && before.items.count == 40)
    #expect(before.rows == after.rows && before.norms == after.norms)
  }

  @Test func `Words of every kind come back`() throws {
    let fixture = try Fixture()
    let lines = [
      #"{"key":"a\"b\\c","member":"鏡","work":"w\n1","title":"","kind":"frame","source":"https://x/?a=b","timecode":1.25}"#,
      #"{"key":"  ","timecode":"00:01:12:05","tags":["a",{"b":[null,true,1e3]}],"größe":1,"empty":{}}"#,
      #"{"key":"\u0001\ud83d\ude00","member":"鏡","year":2018,"text":"line\nend\r\"quoted\" } , {"}"#,
      #"{"key":"plain"}"#,
    ]
    try fixture.run(fixture.request([[1, 2], [3, 4], [5, 6], [7, 8]], metadata: lines))
    #expect(fixture.refused.isEmpty)
    let report = try export(fixture.path)
    let (before, after) = (try contents(fixture.path), try contents(try reimport(report.model)))
    #expect(before.items.count == 4 && before.items == after.items)
  }

  @Test func `A filter chooses, and what matches nothing is an empty export`() throws {
    let sample = try Fixture.sample()
    let filter =
      #"{"must":[{"key":"member","match":{"value":"moonreed"}}],"must_not":[{"key":"kind","match":{"value":"none"}}]}"#
    let expected = try CatalogueStore.open(at: sample.path, access: .readOnly).read { reader in
      var keys: [String] = []
      try reader.forEachLiveItem { if $0.record.member == "moonreed" { keys.append($0.record.key) } }
      return keys
    }
    let report = try export(sample.path, filter: filter)
    #expect(report.rows == expected.count && report.rows > 0)
    #expect(try contents(try reimport(report.model)).items.map(\.key) == expected)
    let none = try export(sample.path, filter: #"{"must":[{"key":"member","match":{"value":"nobody"}}]}"#, force: true)
    #expect(none.rows == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: metadata)).isEmpty)
  }

  @Test func `What an import would take for something else is refused, and nothing is written`() throws {
    for (record, word) in [
      (ItemRecord(key: "y", work: "w", checksum: 0), "without a member")
    ] {
      let fixture = try Fixture()
      try fixture.run(fixture.request([[1, 2]]))
      let store = try CatalogueStore.open(at: fixture.path, access: .readWrite)
      let rows = try Engine(path: fixture.path, threads: 1).snapshot.rows
      var changed = record
      changed.checksum = rows.checksum(of: Ordinal(0))
      var appended = EncodedRows(layout: rows.layout, metric: .cosine)
      try appended.append([1, 2].span)
      var appender = RowAppender(
        directory: store.layout.rows(generation: 0), layout: rows.layout,
        catalogue: try SnapshotFixture.id(of: fixture.path), count: 1)
      _ = try appender.append(appended)
      try appender.sync()
      _ = try store.makeWriter().commit([changed], startingAt: 1)
      let error = #expect(throws: ExportError.self) { try export(fixture.path) }
      #expect(error?.description.contains(word) == true && error?.description.contains("item \(record.key)") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
    }
  }

  @Test func `A damaged row is not exported as if it were sound`() throws {
    let sample = try SnapshotFixture(snapshots: 0)
    try sample.damage(sample.path + "/rows/000001.rows", at: 4096 + 65_536 * 4 + 512 * 900 + 3)
    let error = #expect(throws: IndexError.self) { try export(sample.path) }
    #expect(error?.description.contains("000001.rows") == true && error?.description.contains("row 900") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }
}
