import Catalogue
import TestSupport
import Testing

@Suite struct CatalogueTransactionTests {
  private struct Interruption: Error {}

  @Test func `Several batches count as one commit`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit(records("a"))
    let (value, commit) = try writer.transaction { transaction in
      for batch in [records("b", "c"), records("c", "a")] {
        try transaction.append(batch, startingAt: transaction.nextOrdinal)
      }
      return try transaction.remove(["b", "nobody"])
    }
    #expect(value == [1])
    #expect(commit.plain == Commit(seq: 2, ordinals: 1..<5, replaced: [0], superseded: [2], removed: [1]))
    #expect(try store.liveKeys() == [3: "c", 4: "a"])
    #expect(try store.read { try $0.verify() } == [])
  }

  @Test func `A transaction that throws leaves nothing`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit(records("a"))
    let item = ItemRecord(key: "b", member: "m", work: "w", checksum: 0)
    #expect(throws: Interruption.self) {
      _ = try writer.transaction { transaction in
        try transaction.append([item] + records("a"), startingAt: 1)
        throw Interruption()
      }
    }
    #expect(writer.nextOrdinal == 1)
    #expect(try store.seq() == 1)
    #expect(try store.read { try $0.counts() } == CatalogueCounts(items: 1, rows: 1))
    #expect(try writer.commit([item]).plain == Commit(seq: 2, ordinals: 1..<2))
    #expect(try store.read { try $0.members(limit: 9) }.map(\.number) == [1])
    #expect(try store.read { try $0.verify() } == [])
  }

  @Test func `A failed call spoils the transaction even if caught`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    let error = catalogueError {
      _ = try writer.transaction { transaction in
        try transaction.append(records("a"), startingAt: 0)
        try? transaction.append(records("b", ""), startingAt: 1)
      }
    }
    #expect(error == .invalid(subject: "item", reason: "its key is empty"))
    #expect(try store.liveKeys().isEmpty)
    #expect(try writer.commit(records("a")).seq == 1, "the writer goes on")
  }

  static let unacceptable: [ItemRecord] = [
    ItemRecord(key: "", checksum: 0), ItemRecord(key: "a\0", checksum: 0),
    ItemRecord(key: "a", member: "\0", checksum: 0),
    ItemRecord(key: "a", work: "x\0y", checksum: 0), ItemRecord(key: "a", kind: "\0", checksum: 0),
    ItemRecord(key: "a", title: "\0", checksum: 0), ItemRecord(key: "a", source: "\0", checksum: 0),
    ItemRecord(key: "a", timecode: .text("\0"), checksum: 0),
    ItemRecord(key: "a", timecode: .number(.nan), checksum: 0),
    ItemRecord(key: "a", timecode: .number(.infinity), checksum: 0), ItemRecord(key: "a", attributes: "", checksum: 0),
    ItemRecord(key: "a", attributes: "[]", checksum: 0), ItemRecord(key: "a", attributes: "{", checksum: 0),
    ItemRecord(key: "a", attributes: "{} {}", checksum: 0), ItemRecord(key: "a", attributes: "null", checksum: 0),
    ItemRecord(key: "a", attributes: #"{"a":"\u0000"}"#, checksum: 0),
    ItemRecord(key: "a", attributes: #"{"\\\u0000":1}"#, checksum: 0),
  ]

  @Test(arguments: unacceptable)
  func `What cannot be stored is refused`(item: ItemRecord) throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    guard case .invalid = catalogueError({ try writer.commit(records("z") + [item]) }) else {
      Issue.record("stored \(item)")
      return
    }
    #expect(try store.read { try $0.counts() } == CatalogueCounts())
  }

  @Test(arguments: [
    ItemRecord(key: "a", attributes: "{}", checksum: .max), ItemRecord(key: "\u{1F600} 'q' \"d\" ; --", checksum: 1),
    ItemRecord(key: "a", attributes: #"{"\\u0000":"\\u0000"}"#, checksum: 2),
    ItemRecord(
      key: "k", member: "m", work: "w", kind: "", title: "t", source: "s", timecode: .number(-0.5),
      attributes: #"{"x":[1,2.5,null,true]}"#, checksum: 3),
    ItemRecord(key: "1", member: "1", work: "1", timecode: .text("1"), checksum: 4),
    ItemRecord(key: "e\u{301}", timecode: .number(3), checksum: 5),
  ])
  func `What is stored comes back as it was`(item: ItemRecord) throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    try store.makeWriter().commit([item])
    let details = try store.read { try $0.item(forKey: item.key) }
    #expect(details == ItemDetails(ordinal: 0, record: item, seq: 1, removedSeq: nil))
  }

  @Test func `Keys are told apart by their bytes`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let commit = try store.makeWriter().commit(records("\u{e9}", "e\u{301}", "E"))
    #expect(commit.plain == Commit(seq: 1, ordinals: 0..<3))
    #expect(try store.read { try $0.item(forKey: "e\u{301}")?.ordinal } == 1)
  }

  @Test func `Members and works are told apart by their bytes`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    try store.makeWriter().commit(
      ["\u{e9}", "e\u{301}"].flatMap { id in
        [
          ItemRecord(key: id, member: id, work: id, checksum: 0),
          ItemRecord(key: id + "2", member: id, work: id, checksum: 0),
        ]
      })
    #expect(try store.read { try $0.members(limit: 9) }.map(\.itemCount) == [2, 2])
    #expect(try store.read { try $0.works(limit: 9) }.map(\.itemCount) == [2, 2])
  }
}
