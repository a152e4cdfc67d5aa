import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// The rows of small commits are durable in the record before the row files are.
@Suite struct RowJournalTests {
  private let fixture: Fixture
  private let handler: RequestHandler

  init() throws {
    fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 2))
    handler = RequestHandler(engine: try fixture.open(), isReadOnly: false)
    // The first row makes the file, which is synced.
    try upsert("first", 1, 0)
  }

  private func ask(_ method: String, _ params: String) -> String {
    let line = RequestLine.make(method, 1, params) + "\n"
    return MemoryPipe.answers(handler, [Array(line.utf8)[...]]).joined()
  }

  private func upsert(_ key: String, _ x: Float, _ y: Float) throws {
    let answer = ask("items.upsert", #""items":[{"key":"\#(key)","vector":[\#(x),\#(y)]}]"#)
    try #require(answer.contains(#""upserted":1"#), "\(answer)")
  }

  private func journal(_ path: String? = nil) throws -> [UInt32] {
    var ordinals: [UInt32] = []
    try CatalogueStore.open(at: path ?? fixture.path, access: .readOnly).read { reader in
      try reader.forEachJournaledRow { ordinal, _ in ordinals.append(ordinal) }
    }
    return ordinals
  }

  /// The catalogue as a system that stops now may leave it: what was not synced of the rows from `first` on is zeros, or gone.
  private func stopped(losingRowsFrom first: Int, truncating: Bool) throws -> String {
    let copy = fixture.home.appending("stopped-\(first)-\(truncating).kagami")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: copy + "/rows/000001.rows"))
    let (norms, rows) = (4096, 4096 + 65_536 * 4)
    if truncating {
      try file.truncate(atOffset: UInt64(rows + first * 64))
    } else {
      let end = try file.seekToEnd()
      try file.seek(toOffset: UInt64(rows + first * 64))
      try file.write(contentsOf: Data(count: Int(end) - rows - first * 64))
      try file.seek(toOffset: UInt64(norms + first * 4))
      try file.write(contentsOf: Data(count: 64))
    }
    try file.close()
    return copy
  }

  @Test(arguments: [false, true]) func `What a stopped system lost of the rows is written again`(isCut: Bool) throws {
    try upsert("a", 1, 0)
    try upsert("b", 0, 1)
    #expect(try journal() == [1, 2])
    let copy = try stopped(losingRowsFrom: 1, truncating: isCut)
    let engine = try Engine(path: copy, threads: 1)
    let line = RequestLine.make("search", 1, #""vector":[0,1],"k":1,"with_vectors":"f32le""#) + "\n"
    let answer = MemoryPipe.answers(RequestHandler(engine: engine, isReadOnly: true), [Array(line.utf8)[...]]).joined()
    #expect(answer.contains(#"{"key":"b","score":1.0"#), "\(answer)")
    #expect(try Verifier(path: copy, isFull: true).run(progress: { _, _ in }).findings.isEmpty)
  }

  @Test func `A check of a stopped catalogue finds nothing wrong either`() throws {
    try upsert("a", 1, 0)
    let copy = try stopped(losingRowsFrom: 1, truncating: true)
    #expect(try Verifier(path: copy).run(progress: { _, _ in }).findings.isEmpty)
  }

  @Test func `Somebody who must not write says what is missing`() throws {
    try upsert("a", 1, 0)
    let copy = try stopped(losingRowsFrom: 1, truncating: true)
    let writer = try CatalogueStore.open(at: copy, access: .readWrite).makeWriter()
    try withExtendedLifetime(writer) {
      #expect(throws: (any Error).self) { try Engine(path: copy, threads: 1) }
    }
  }

  @Test func `A large commit syncs the row files, and the journal is empty again`() throws {
    try upsert("a", 1, 0)
    let items = (0..<1000).map { #"{"key":"k\#($0)","vector":[1,\#($0)]}"# }.joined(separator: ",")
    #expect(ask("items.upsert", #""items":[\#(items)]"#).contains(#""upserted":1000"#))
    #expect(try journal() == [])
  }

  @Test func `The journal holds a few hundred rows at most`() throws {
    for number in 0..<400 { try upsert("k\(number)", 1, Float(number)) }
    #expect(try (1...256).contains(journal().count))
  }

  @Test func `An orderly end and a compaction leave an empty journal`() throws {
    try upsert("a", 1, 0)
    #expect(ask("items.remove", #""keys":["first"]"#).contains(#""removed":1"#))
    #expect(ask("index.compact", "").contains(#""rows_removed":1"#))
    #expect(try journal() == [])
    try upsert("b", 0, 1)
    #expect(try journal() == [] || journal() == [1])
    handler.editor.close()
    #expect(try journal() == [])
    #expect(try Verifier(path: fixture.path, isFull: true).run(progress: { _, _ in }).findings.isEmpty)
  }

  @Test func `Rows of a journal that another process brought are synced before it is emptied`() throws {
    try upsert("a", 1, 0)
    #expect(try journal() == [1])
    // What a process leaves that is killed; whoever comes next appends no row.
    let copy = fixture.home.appending("killed.kagami")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
    var synced: [ClosedRange<UInt32>] = []
    let store = try CatalogueStore.open(at: copy, access: .readWrite)
    let writer = try store.makeWriter()
    #expect(throws: CancellationError.self) {
      try writer.clearJournal { range in
        synced.append(range)
        throw CancellationError()
      }
    }
    #expect(synced == [1...1])
    #expect(try journal(copy) == [1], "what cannot be synced stays in the journal")
  }
}
