import Foundation
import KagamiClient
import Synchronization
import TestSupport
import Testing

/// The Swift client's typed requests, against a real engine.
@Suite(.timeLimit(.minutes(30))) struct SwiftClientTests {
  private static let key = "moonreed/canal-under-stars/04"

  private func serve<Result>(
    _ options: String..., body: nonisolated(nonsending) (KagamiClient) async throws -> Result
  ) async throws -> Result {
    let catalogue = try SampleCatalogue()
    defer { withExtendedLifetime(catalogue) {} }
    return try await KagamiClient.withEngine(
      executable: Repository.executable, arguments: ["serve", catalogue.path] + options, body)
  }

  private static let vector = [Float](repeating: 0.0625, count: 256)

  @Test func `Items are stored, found, read page by page and removed`() async throws {
    try await serve { client in
      let before = try await client.count()
      var first = NewItem(key: "n/1", vector: Self.vector, member: "new", work: "w")
      (first.title, first.timecode, first.attributes) = ("First", 1.5, ["series": "x"])
      let stored = try await client.upsert([first, NewItem(key: "n/2", vector: [1, 2])])
      #expect(
        stored.upserted == 1 && stored.failures.map(\.index) == [1] && stored.failures[0].kind == "invalid_params")
      let packed = try PackedVectors(Self.vector + Self.vector, dimension: 256, as: .float16)
      let more = try await client.upsert(
        [NewItem(key: "n/3"), NewItem(key: "n/4")], vectors: packed,
        options: UpsertOptions(atomic: true, operation: "op"))
      #expect(more.upserted == 2 && more.repeated == nil)
      let again = try await client.upsert(
        [NewItem(key: "n/3"), NewItem(key: "n/4")], vectors: packed,
        options: UpsertOptions(atomic: true, operation: "op"))
      #expect(again.repeated == true && again.seq == more.seq)
      #expect(try await client.count() == before + 3)
      let found = try await client.search(PackedVectors(Self.vector, dimension: 256), options: SearchOptions(k: 3))
      #expect(found.results[0].hits.map(\.key) == ["n/1", "n/3", "n/4"])
      #expect(try await client.items(["n/1"]).items[0].details["title"] == "First")
      let mine: JSONValue = ["must": [["key": "key", "match": ["any": ["n/1", "n/3", "n/4"]]]]]
      let page = try await client.scroll(mine, limit: 2)
      let last = try await client.scroll(mine, limit: 2, after: page.cursor)
      #expect(page.items.map(\.key) + last.items.map(\.key) == ["n/1", "n/3", "n/4"] && last.cursor == nil)
      let removed = try await client.remove(["n/1", "n/9"])
      #expect(removed.removed == 1 && removed.missing == 1 && removed.keys == ["n/1"])
      #expect(try await client.remove(meeting: mine).keys == ["n/3", "n/4"])
      let error = await #expect(throws: EngineError.self) { try await client.remove(meeting: [:]) }
      #expect(error?.pointer == "/params/filter")
    }
  }

  /// What a terminal sends to all of its processes does not reach an engine in a session of its own.
  @Test func `The engine has a session of its own`() async throws {
    try await serve { client in
      _ = try await client.count()
      let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter {
        id in
        let status = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 && pid_t(fields[1]) == getpid() && getsid(id) == id
      }
      #expect(!children.isEmpty)
    }
  }

  @Test func `The register is written and read`() async throws {
    try await serve { client in
      try await client.put(Member("new", name: "New Studio", contact: "rights@example.org", joinedAt: "2026-01-01"))
      var work = Work("w", of: "new", title: "The First", kind: "film")
      (work.firstPublished, work.attributes) = ("2019", ["medium": "ink"])
      try await client.put(work)
      let works = try await client.works(of: "new")
      #expect(works.works.map(\.title) == ["The First"] && works.works[0].attributes == ["medium": "ink"])
      let first = try await client.members(limit: 1)
      #expect(first.members.count == 1 && first.cursor != nil)
      #expect(try await client.members(after: first.cursor).members.contains { $0.name == "New Studio" })
      var permission = Permission(
        member: "new", licensee: "acme", uses: ["training"], grantedAt: "2024-12-20T09:30:00Z")
      (permission.id, permission.validUntil, permission.territories) = ("p1", "2026-01-01", ["JP"])
      #expect(try await client.put(permission).created)
      #expect(try await !client.put(permission).created)
      let use = UseOptions(licensee: "acme", use: "training", territory: "JP", at: "2025-06-01")
      #expect(try await client.isPermitted(use, ofMember: "new", work: "w").isPermitted)
      #expect(try await client.isPermitted(use, ofItem: Self.key).reason == "none_recorded")
      #expect(try await client.revoke(permission: "p1", from: "2025-05-01", reference: "letter").created)
      #expect(try await client.isPermitted(use, ofMember: "new").reason == "revoked_before")
      #expect(try await client.permissions(licensee: "acme").permissions.map(\.id) == ["p1"])
      #expect(try await client.remove(work: "w", of: "new").removed == 0)
      #expect(try await client.remove(member: "new", cascades: true).removed == 0)
    }
  }

  @Test func `The index is built and compacted, and the engine tells of itself`() async throws {
    try await serve { client in
      #expect(try await client.buildIndex(threads: 2).rows == 1785)
      _ = try await client.remove([Self.key])
      let compacted = try await client.compact()
      #expect(compacted.rows == 1784 && compacted.rowsRemoved == 1 && compacted.snapshot != nil)
      let statistics = try await client.statistics()
      #expect(
        statistics.methods["index.build"]?.requests == 1 && statistics.errors == 0 && statistics.residentBytes > 0)
      #expect((statistics.methods["index.build"]?.latency["max"] ?? 0) > 100)
      #expect(statistics.all["live"] == 1784)
    }
  }

  @Test func `What was given up leaves nothing behind`() async throws {
    try await serve("--threads", "1") { client in
      let many = [Float](repeating: 0.5, count: 256 * 500)
      var options = SearchOptions(k: 100)
      options.exact = true
      let calls = (0..<20).map { _ in
        Task { [options] in try await client.search(vectors: many, dimension: 256, options: options) }
      }
      try await Task.sleep(for: .milliseconds(20))
      for call in calls { call.cancel() }
      for call in calls { if case .failure(let error) = await call.result { #expect(error is CancellationError) } }
      _ = try await client.sync()
      #expect(try await client.statistics().unanswered == 0)
    }
  }

  @Test func `A killed engine is followed by another one, and an edit is done once`() async throws {
    let catalogue = try SampleCatalogue()
    try await RestartingClient.withEngine(
      executable: Repository.executable, arguments: ["serve", catalogue.path],
      restarts: RestartPolicy(attempts: 5, delay: .milliseconds(10))
    ) { engine in
      let kills = Mutex(0)
      let answer = try await engine.edit { client, operation in
        let item = NewItem(key: "n/1", vector: Self.vector)
        let answer = try await client.upsert([item], options: UpsertOptions(operation: operation))
        // The engine dies after the edit and before its caller has made use of the answer.
        if kills.withLock({
          $0 += 1; return $0
        }) == 1 {
          client.kill()
          // It may answer a little longer.
          while true { _ = try await client.sync() }
        }
        return answer
      }
      #expect(answer.repeated == true && answer.upserted == 1)
      #expect(try await engine.read { try await $0.count() } == 1786)
    }
  }
}
