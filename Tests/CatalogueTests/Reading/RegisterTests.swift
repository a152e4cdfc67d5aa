import Catalogue
import TestSupport
import Testing

@Suite struct RegisterTests {
  private func makeStore(_ home: TemporaryDirectory) throws -> CatalogueStore {
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit([
      ItemRecord(key: "a", member: "m", work: "w", kind: "picture", title: "First", checksum: 0),
      ItemRecord(key: "b", member: "m", work: "w", kind: "copy", title: "Second", checksum: 0),
      ItemRecord(key: "c", member: "n", work: "w", checksum: 0), ItemRecord(key: "d", work: "w", checksum: 0),
      ItemRecord(key: "e", work: "w", checksum: 0), ItemRecord(key: "f", member: "o", checksum: 0),
    ])
    _ = try writer.remove(["c", "e"])
    return store
  }

  @Test func `Members are counted and paged`() throws {
    let home = try TemporaryDirectory()
    let store = try makeStore(home)
    let members = try store.read { try $0.members(limit: 10) }
    #expect(members.map(\.number) == [1, 2, 3])
    #expect(members.map(\.id) == ["m", "n", "o"])
    #expect(members.map(\.workCount) == [1, 1, 0])
    #expect(members.map(\.itemCount) == [2, 0, 1])
    #expect(members.allSatisfy { $0.joinedAt?.count == 20 && $0.name == nil && $0.contact == nil })
    #expect(try store.read { try $0.members(after: 1, limit: 1) } == [members[1]])
    #expect(try store.read { try $0.members(after: 3, limit: 1) }.isEmpty)
    #expect(try store.read { try $0.members(limit: -1) }.isEmpty)
  }

  @Test func `A work is one member's and takes after its first item`() throws {
    let home = try TemporaryDirectory()
    let store = try makeStore(home)
    let works = try store.read { try $0.works(limit: 10) }
    #expect(works.map(\.number) == [1, 2, 3])
    #expect(works.map(\.member) == [1, 2, 0])
    #expect(works.map(\.id) == ["w", "w", "w"])
    #expect(works.map(\.title) == ["First", nil, nil])
    #expect(works.map(\.kind) == ["picture", nil, nil])
    #expect(works.map(\.itemCount) == [2, 0, 1])
    #expect(try store.read { try $0.works(after: 1, limit: 1) } == [works[1]])
    #expect(try store.read { try $0.works(ofMember: 2, limit: 9) } == [works[1]])
    #expect(try store.read { try $0.works(ofMember: 0, limit: 9) } == [works[2]])
    #expect(try store.read { try $0.works(ofMember: 2, after: 2, limit: 9) }.isEmpty)
  }

  @Test func `Names are visited by number`() throws {
    let home = try TemporaryDirectory()
    let store = try makeStore(home)
    var members: [String] = []
    var works: [WorkEntry] = []
    try store.read {
      try $0.forEachMember(after: 1) { members.append("\($0) \($1)") }
      try $0.forEachWork(after: 2) { works.append($0) }
    }
    #expect(members == ["2 n", "3 o"])
    #expect(works.map(\.number) == [3] && works.map(\.member) == [0])
    #expect(try store.read { try $0.memberNumber(forID: "o") } == 3)
    #expect(try store.read { try $0.memberNumber(forID: "x") } == nil)
  }
}
