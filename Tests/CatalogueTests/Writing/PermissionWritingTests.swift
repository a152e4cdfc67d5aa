import Catalogue
import Synchronization
import TestSupport
import Testing

/// Permissions and revocations as they are recorded.
@Suite struct PermissionWritingTests {
  /// A clock that is set by hand.
  private final class Clock: Sendable {
    private let value: Mutex<Int64>

    init(_ now: Int64) { value = Mutex(now) }

    var now: Int64 {
      get { value.withLock { $0 } }
      set { value.withLock { $0 = newValue } }
    }
  }

  private func permission(_ id: String, work: String? = nil, item: String? = nil) -> Permission {
    Permission(
      id: id, member: "m", work: work, item: item, licensee: "acme", uses: ["training", "display", "training"],
      territories: ["JP", "DE"], validFrom: 5, validUntil: 9, grantedAt: 1, reference: "contract")
  }

  private func makeStore(_ home: TemporaryDirectory, _ clock: Clock) throws -> (CatalogueStore, CatalogueWriter) {
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter { clock.now }
    try writer.commit([ItemRecord(key: "a", member: "m", work: "w", checksum: 1)])
    return (store, writer)
  }

  private func list(_ store: CatalogueStore) throws -> [PermissionRecord] {
    try store.read { try $0.permissions(limit: 100) }
  }

  @Test func `A permission is a commit and reads as it was written`() throws {
    let home = try TemporaryDirectory()
    let (store, writer) = try makeStore(home, Clock(1000))
    let (recording, commit) = try writer.transaction { try $0.put(permission("p", work: "w", item: "k")) }
    #expect((recording.recordedAt, recording.isNew, commit.seq) == (1000, true, 2))
    let record = try #require(try list(store).first)
    #expect((record.number, record.recordedAt, record.seq) == (1, 1000, 2))
    let found = record.permission
    #expect((found.id, found.member, found.work, found.item, found.scope) == ("p", "m", "w", "k", .item))
    #expect((found.licensee, found.uses, found.territories) == ("acme", ["display", "training"], ["DE", "JP"]))
    #expect((found.validFrom, found.validUntil, found.grantedAt, found.reference) == (5, 9, 1, "contract"))
    #expect(record.revocations == [])
    #expect(try store.read { try $0.verify() } == [])
  }

  @Test func `The same permission is recorded once, and its id is not given to another`() throws {
    let home = try TemporaryDirectory()
    let clock = Clock(1000)
    let (store, writer) = try makeStore(home, clock)
    _ = try writer.transaction { _ = try $0.put(permission("p")) }
    clock.now = 2000
    let (again, commit) = try writer.transaction { transaction in
      var same = permission("p")
      same.uses = ["display", "training"]
      return try transaction.put(same)
    }
    #expect((again.recordedAt, again.isNew, commit.seq) == (1000, false, 2))
    let changes: [(inout Permission) -> Void] = [
      { $0.work = "w" }, { $0.item = "k" }, { $0.licensee = "ACME" }, { $0.uses = ["training"] },
      { $0.territories = [] }, { $0.validFrom = nil }, { $0.validUntil = 10 }, { $0.grantedAt = 0 },
      { $0.reference = nil },
    ]
    for change in changes {
      var other = permission("p")
      change(&other)
      let error = catalogueError { _ = try writer.transaction { try $0.put(other) } }
      guard case .conflict? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    #expect(try list(store).count == 1)
  }

  @Test func `What a permission names must exist`() throws {
    let home = try TemporaryDirectory()
    let (_, writer) = try makeStore(home, Clock(1))
    var stranger = permission("p")
    stranger.member = "n"
    #expect(catalogueError { _ = try writer.transaction { try $0.put(stranger) } } == .unknown(kind: "member", id: "n"))
    let work = permission("p", work: "v")
    #expect(catalogueError { _ = try writer.transaction { try $0.put(work) } } == .unknown(kind: "work", id: "v"))
    let error = catalogueError { _ = try writer.transaction { try $0.revoke("p", at: 1) } }
    #expect(error == .unknown(kind: "permission", id: "p"))
    #expect(writer.nextOrdinal == 1)
  }

  @Test func `A permission that makes no sense is refused`() throws {
    let home = try TemporaryDirectory()
    let (store, writer) = try makeStore(home, Clock(1))
    let changes: [(inout Permission) -> Void] = [
      { $0.validUntil = 5 }, { $0.uses = [] }, { $0.uses = ["a,b"] }, { $0.territories = [""] }, { $0.licensee = "" },
      { $0.id = "" }, { $0.item = "" }, { $0.reference = "\0" },
    ]
    for change in changes {
      var bad = permission("p")
      change(&bad)
      guard case .invalid? = catalogueError({ _ = try writer.transaction { try $0.put(bad) } }) else {
        Issue.record("accepted \(bad)")
        return
      }
    }
    #expect(try list(store).isEmpty)
  }

  @Test func `Revocations are records of their own`() throws {
    let home = try TemporaryDirectory()
    let clock = Clock(1000)
    let (store, writer) = try makeStore(home, clock)
    _ = try writer.transaction { _ = try $0.put(permission("p")) }
    clock.now = 2000
    #expect(try writer.transaction { try $0.revoke("p", at: 1500) }.commit.seq == 3)
    let again = try writer.transaction { try $0.revoke("p", at: 1500) }
    #expect((again.value.isNew, again.value.recordedAt, again.commit.seq) == (false, 2000, 3))
    clock.now = 3000
    _ = try writer.transaction { _ = try $0.revoke("p", at: 1200, reference: "letter") }
    let revocations = try #require(try list(store).first).revocations
    #expect(revocations.map(\.revokedAt) == [1500, 1200])
    #expect(revocations.map(\.recordedAt) == [2000, 3000])
    #expect(revocations.map(\.reference) == [nil, "letter"])
    #expect(revocations.map(\.seq) == [3, 4])
    #expect(try store.read { try $0.verify() } == [])
  }

  /// A clock that goes backwards does not reorder what was known when; also not through a restart.
  @Test func `Recording never goes backwards`() throws {
    let home = try TemporaryDirectory()
    let clock = Clock(1000)
    do {
      let (_, writer) = try makeStore(home, clock)
      _ = try writer.transaction { _ = try $0.put(permission("a")) }
      clock.now = 500
      _ = try writer.transaction { _ = try $0.put(permission("b")) }
      _ = try writer.transaction { _ = try $0.revoke("b", at: 7) }
    }
    clock.now = 400
    let store = try home.open()
    let writer = try store.makeWriter { clock.now }
    _ = try writer.transaction { _ = try $0.put(permission("c")) }
    clock.now = 1001
    _ = try writer.transaction { _ = try $0.put(permission("d")) }
    #expect(try list(store).map(\.recordedAt) == [1000, 1000, 1000, 1001])
    #expect(try store.read { try $0.verify() } == [])
  }
}
