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

/// Rows of small commits stand in the record's journal and in its log, too.
@Suite struct RemovalFromTheRecordTests {
  private let fixture: Fixture
  private let handler: RequestHandler
  private let dimension: Int

  init() throws { try self.init(dimension: 16) }

  private init(dimension: Int) throws {
    self.dimension = dimension
    fixture = try Fixture()
    var model = ModelSpace(dimension: dimension)
    model.storage = .float32
    try CatalogueStore.create(at: fixture.path, model: model)
    handler = RequestHandler(engine: try fixture.open(), isReadOnly: false)
    // The first row makes the file, and does not go into the journal.
    try upsert("first", 0)
    try upsert("a", 1)
  }

  private func ask(_ method: String, _ params: String = "") -> String {
    let line = RequestLine.make(method, 1, params) + "\n"
    return MemoryPipe.answers(handler, [Array(line.utf8)[...]]).joined()
  }

  private func upsert(_ key: String, _ seed: Int) throws {
    let numbers = (0..<dimension).map { "\(($0 * 7 + seed * 13) % 17 + 1)" }.joined(separator: ",")
    let answer = ask("items.upsert", #""items":[{"key":"\#(key)","vector":[\#(numbers)]}]"#)
    try #require(answer.contains(#""upserted":1"#), "\(answer)")
  }

  private func proof() throws -> RemovalProof { try RemovalProof(path: fixture.path, key: "a") }

  /// Rows that fit on a page of SQLite, just not, and go on over several.
  @Test(arguments: [16, 1012, 1013, 1014, 1536, 4096])
  func `A row in journal and log is held until a compaction has emptied both`(dimension: Int) throws {
    let test = try RemovalFromTheRecordTests(dimension: dimension)
    let database = "\(test.fixture.path)/catalogue.sqlite"
    let (log, journal) = (database + "-wal", database + " (row_journal)")
    #expect(test.ask("items.remove", #""keys":["a"]"#).contains(#""removed":1"#))
    #expect(try test.proof().rows[0].recordFiles == [journal, log])
    // Somebody reads the record, so that the log cannot be emptied.
    let reading = try CatalogueStore.open(at: test.fixture.path, access: .readOnly, readerCount: 1)
    try reading.read { reader throws in
      _ = try reader.seq()
      let answer = test.ask("index.compact")
      #expect(answer.contains(#""rows_removed":1"#) && answer.contains(#""log_emptied":false"#), "\(answer)")
    }
    let held = try test.proof()
    #expect(held.state == .held && held.retired[0].recordFiles == [log])
    #expect(held.lines[1].contains("its bytes are in \(log); compact again"))
    #expect(held.json.contains(#""in_record_files":[""#))
    // Nothing is to be compacted any more, but the log is emptied.
    #expect(test.ask("index.compact").contains(#""rows_removed":0,"bytes_reclaimed":0,"log_emptied":true"#))
    #expect(try test.proof().state == .gone)
    test.handler.editor.close()
    #expect(try test.proof().state == .gone)
  }
}
