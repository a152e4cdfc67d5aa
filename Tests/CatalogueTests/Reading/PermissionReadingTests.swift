import Catalogue
import TestSupport
import Testing

/// Which permissions are found, and that finding them does not depend on how many there are.
@Suite struct PermissionReadingTests {
  private static func permission(
    _ id: String, _ member: String = "m", work: String? = nil, item: String? = nil, _ licensee: String = "acme"
  ) -> Permission {
    Permission(id: id, member: member, work: work, item: item, licensee: licensee, uses: ["training"], grantedAt: 0)
  }

  private func makeStore(_ home: TemporaryDirectory, _ permissions: [Permission]) throws -> CatalogueStore {
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter { 10 }
    try writer.commit([
      ItemRecord(key: "a", member: "m", work: "v", checksum: 1),
      ItemRecord(key: "b", member: "m", work: "w", checksum: 1),
      ItemRecord(key: "c", member: "n", work: "w", checksum: 1),
    ])
    _ = try writer.transaction { transaction in for permission in permissions { _ = try transaction.put(permission) } }
    return store
  }

  private static let all = [
    permission("m1"), permission("v1", work: "v"), permission("w1", work: "w"), permission("a1", item: "a"),
    permission("a2", work: "v", item: "a"), permission("a3", work: "w", item: "a"), permission("n1", "n"),
    permission("z9", "m", "zeta"), permission("z1", "m", "yota"), permission("z5", work: "v", "yota"),
  ]

  @Test func `Relevant is what names the very thing`() throws {
    let home = try TemporaryDirectory()
    let store = try makeStore(home, Self.all)
    func ids(_ licensee: String, work: UInt32, item: String? = nil, known: Int64? = nil) throws -> [String] {
      try store.read {
        try $0.permissions(relevantTo: licensee, member: 1, work: work, item: item, knownAt: known).map(\.permission.id)
      }
    }
    #expect(try ids("acme", work: 0) == ["m1", "z1"])
    #expect(try ids("acme", work: 1) == ["v1", "z5"])
    #expect(try ids("acme", work: 2) == ["w1"])
    #expect(try ids("acme", work: 0, item: "a") == ["a1"])
    #expect(try ids("acme", work: 1, item: "a") == ["a2"])
    #expect(try ids("acme", work: 1, item: "b") == [])
    #expect(try ids("yota", work: 0) == ["z1", "m1"])
    #expect(try ids("yota", work: 1) == ["z5", "v1"])
    #expect(try ids("nobody", work: 1) == ["v1"])
    #expect(try ids("acme", work: 0, known: 10) == ["m1", "z1"])
    #expect(try ids("acme", work: 0, known: 9) == [])
    for (known, expected) in [(nil, true), (10, true), (9, false)] as [(Int64?, Bool)] {
      #expect(try store.read { try $0.hasPermissions(knownAt: known) } == expected)
    }
    #expect(try store.read { try $0.hasItemPermissions(ofMember: 1) })
    #expect(try store.read { try !$0.hasItemPermissions(ofMember: 2) })
  }

  @Test func `Pages have all, in the order of recording`() throws {
    let home = try TemporaryDirectory()
    let store = try makeStore(home, Self.all)
    func pages(member: UInt32? = nil, licensee: String? = nil) throws -> [String] {
      var ids: [String] = []
      var after: Int64 = 0
      while true {
        let page = try store.read { try $0.permissions(ofMember: member, licensee: licensee, after: after, limit: 2) }
        guard let last = page.last else { return ids }
        ids += page.map(\.permission.id)
        after = last.number
      }
    }
    #expect(try pages() == Self.all.map(\.id))
    #expect(try pages(member: 2) == ["n1"])
    #expect(try pages(member: 1, licensee: "yota") == ["z1", "z5"])
    #expect(try store.read { try $0.permission(forID: "v1")?.permission.work } == "v")
    #expect(try store.read { try $0.permission(forID: "none") } == nil)
  }

  /// A member with very many licensees: what is loaded for one of them stays small.
  @Test func `A hundred thousand permissions are not loaded for one question`() throws {
    let home = try TemporaryDirectory()
    let many = (0..<100_000).map { Self.permission("p\($0)", work: $0.isMultiple(of: 2) ? "v" : nil, "licensee \($0)") }
    let store = try makeStore(home, many)
    let start = ContinuousClock.now
    for number in stride(from: 0, to: 100_000, by: 200) {
      let found = try store.read {
        try $0.permissions(relevantTo: "licensee \(number)", member: 1, work: 1, item: nil, knownAt: nil)
      }
      #expect(found.map(\.permission.id) == ["p\(number)", number == 0 ? "p10" : "p0"])
    }
    // Some 20 ms where it is fast; reading them all would take minutes.
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
