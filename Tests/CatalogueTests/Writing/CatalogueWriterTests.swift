import Catalogue
import TestSupport
import Testing

@Suite struct CatalogueWriterTests {
  @Test func `Commits number rows and revisions without gaps`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    let first = try writer.commit(records("a", "b"))
    #expect(first.plain == Commit(seq: 1, ordinals: 0..<2))
    let second = try writer.commit(records("c"))
    #expect(second.plain == Commit(seq: 2, ordinals: 2..<3))
    #expect(writer.nextOrdinal == 3)
    #expect(try store.seq() == 2)
    #expect(try store.liveKeys() == [0: "a", 1: "b", 2: "c"])
  }

  @Test func `An empty batch is no commit`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    #expect(try writer.commit([]).plain == Commit(seq: 0, ordinals: 0..<0))
    #expect(try writer.remove(["nobody"]).plain == Commit(seq: 0, ordinals: 0..<0))
    #expect(try store.seq() == 0)
  }

  @Test func `A key that exists is replaced`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit(records("a", "b"))
    let commit = try writer.commit(records("b", checksum: 9))
    #expect(commit.plain == Commit(seq: 2, ordinals: 2..<3, replaced: [1]))
    #expect(try store.liveKeys() == [0: "a", 2: "b"])
    let (new, old) = try store.read { (try $0.item(forKey: "b"), try $0.details(of: [1])[0]) }
    #expect(new?.ordinal == 2 && new?.record.checksum == 9 && new?.removedSeq == nil)
    #expect(old?.record.checksum == 0 && old?.removedSeq == 2)
  }

  @Test func `Of a key twice in a batch the last one stays`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit(records("a"))
    let commit = try writer.commit(records("a", "b", "a", "a"))
    #expect(commit.plain == Commit(seq: 2, ordinals: 1..<5, replaced: [0], superseded: [1, 3]))
    #expect(try store.liveKeys() == [2: "b", 4: "a"])
    #expect(try store.read { try $0.verify() } == [])
  }

  @Test func `Importing the same again changes no key`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    for _ in 0..<3 { try writer.commit(records("a", "b", "c")) }
    #expect(try store.liveKeys() == [6: "a", 7: "b", 8: "c"])
    #expect(try store.read { try $0.counts() } == CatalogueCounts(items: 3, rows: 9, members: 0, works: 0))
  }

  @Test func `A removed key is gone and may come back`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit(records("a", "b"))
    #expect(try writer.remove(["b", "x", "b"]).plain == Commit(seq: 2, ordinals: 2..<2, removed: [1]))
    #expect(try store.read { try $0.item(forKey: "b") } == nil)
    #expect(try writer.commit(records("b")).plain == Commit(seq: 3, ordinals: 2..<3))
    #expect(try store.liveKeys() == [0: "a", 2: "b"])
  }

  @Test func `Numbering goes on after a restart`() throws {
    let home = try TemporaryDirectory()
    try home.makeCatalogue().makeWriter().commit([ItemRecord(key: "a", member: "m", work: "w", checksum: 0)])
    let store = try home.open()
    let commit = try store.makeWriter().commit([
      ItemRecord(key: "b", member: "m", work: "w", checksum: 0),
      ItemRecord(key: "a", member: "n", work: "w", checksum: 0),
    ])
    #expect(commit.plain == Commit(seq: 2, ordinals: 1..<3, replaced: [0]))
    #expect(try store.read { try $0.works(limit: 9) }.map(\.member) == [1, 2])
  }

  @Test func `A commit is seen by stores that were open before`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let other = try home.open(.readOnly)
    #expect(try other.seq() == 0)
    let writer = try store.makeWriter()
    for seq in 1...3 {
      try writer.commit(records("k\(seq)"))
      #expect(try other.seq() == Int64(seq))
      #expect(try other.liveKeys().count == seq)
    }
  }

  @Test func `A read does not see a commit that came after it began`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try store.read { reader in
      #expect(try reader.seq() == 0)
      try writer.commit(records("a"))
      #expect(try reader.seq() == 0)
      #expect(try reader.counts().rows == 0)
    }
    #expect(try store.seq() == 1)
  }
}
