import Catalogue
import TestSupport
import Testing

/// Catalogues of format 1, which had no permissions.
@Suite struct MigrationTests {
  private static let permission = Permission(
    id: "p", member: "m", licensee: "acme", uses: ["training"], grantedAt: 0)

  private func makeOld(_ home: TemporaryDirectory) throws {
    try home.makeCatalogue().makeWriter().commit([ItemRecord(key: "a", member: "m", work: "w", checksum: 1)])
    try home.downgrade()
  }

  @Test func `An old catalogue is read as it is`() throws {
    let home = try TemporaryDirectory()
    try makeOld(home)
    let store = try home.open(.readOnly)
    #expect(store.identity.format == 1)
    try store.read { reader throws in
      #expect(try reader.permissions(limit: 10).isEmpty)
      #expect(try reader.permission(forID: "p") == nil)
      #expect(try reader.permissions(relevantTo: "acme", member: 1, work: 1, item: nil, knownAt: nil).isEmpty)
      #expect(try !reader.hasItemPermissions(ofMember: 1))
      #expect(try !reader.hasPermissions(knownAt: nil))
      #expect(try reader.verify() == [])
      #expect(try reader.item(forKey: "a")?.record.work == "w")
    }
    #expect(try home.open().identity.format == 1, "opening changes nothing")
  }

  @Test func `The first writer brings it up to date, while others read`() throws {
    let home = try TemporaryDirectory()
    try makeOld(home)
    let reader = try home.open(.readOnly)
    #expect(try reader.read { try $0.permissions(limit: 10) }.isEmpty)
    let writer = try home.open().makeWriter()
    #expect(try reader.seq() == 1, "it is no commit")
    #expect(try reader.read { try $0.permissions(limit: 10) }.isEmpty)
    _ = try writer.transaction { _ = try $0.put(Self.permission) }
    #expect(try reader.read { try $0.permissions(limit: 10) }.map(\.permission.id) == ["p"])
    #expect(try reader.read { try $0.verify() } == [])
    #expect(try home.open().identity.format == 4)
  }

  /// A read that began before goes on with what there was then.
  @Test func `A read in progress keeps its state`() throws {
    let home = try TemporaryDirectory()
    try makeOld(home)
    let store = try home.open(.readOnly)
    let found = try store.read { reader throws in
      #expect(try reader.seq() == 1)
      _ = try home.open().makeWriter().transaction { _ = try $0.put(Self.permission) }
      return (try reader.permissions(limit: 10).count, try reader.seq())
    }
    #expect(found == (0, 1))
    #expect(try store.read { try $0.permissions(limit: 10).count } == 1)
  }
}
