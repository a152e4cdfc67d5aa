import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Permissions from the request that records them to the hit that tells them.
@Suite struct PermissionTests {
  private let fixture: Fixture
  private let engine: Engine

  init() throws {
    fixture = try Fixture()
    let lines = [
      #"{"key":"m/1","member":"m","work":"v"}"#, #"{"key":"m/2","member":"m","work":"w"}"#,
      #"{"key":"m/3","member":"m"}"#,
      #"{"key":"n/1","member":"n","work":"v"}"#, #"{"key":"free"}"#,
    ]
    let rows: [[Float]] = [[1, 0], [1, 0.1], [1, 0.2], [1, 0.3], [1, 0.4]]
    try fixture.run(fixture.request(rows, metadata: lines))
    engine = try fixture.open()
  }

  private static let use = #""licensee":"acme","use":"training","territory":"JP""#

  private func ask(_ requests: (method: String, params: String)...) -> [String] {
    let lines = requests.enumerated().map { RequestLine.make($1.method, $0, $1.params) + "\n" }
    let answers = MemoryPipe.answers(engine, [Array(lines.joined().utf8)[...]])
    return answers.sorted()
  }

  private func put(_ params: String) -> (method: String, params: String) {
    ("permissions.put", #""licensee":"acme","uses":["training"],"granted_at":"2025-01-01",\#(params)"#)
  }

  private struct Found: Decodable {
    struct Permission: Decodable, Equatable {
      var status: String
      var reason: String?
      var id: String?
    }
    struct Hit: Decodable {
      var key: String
      var permission: Permission?
    }
    struct Group: Decodable { var hits: [Hit] }
    struct Entry: Decodable {
      var hits: [Hit]?
      var groups: [Group]?
    }
    struct Result: Decodable { var results: [Entry] }
    var result: Result

    /// `key: id` where permitted, `key: reason id` where not.
    var words: [String] {
      let hits = result.results.flatMap { ($0.hits ?? []) + ($0.groups ?? []).flatMap(\.hits) }
      return hits.sorted { $0.key < $1.key }.map { hit in
        "\(hit.key): " + [hit.permission?.reason, hit.permission?.id].compactMap(\.self).joined(separator: " ")
      }
    }
  }

  private func judge(_ use: String, method: String = "search", _ more: String = "") throws -> [String] {
    let answer = ask((method, #""vector":[1,0],"use":{\#(use)}\#(more)"#))[0]
    return try JSONDecoder().decode(Found.self, from: Data(answer.utf8)).words
  }

  @Test func `Every hit says whether its use is permitted`() throws {
    let recorded = ask(
      put(#""id":"v","member":"m","work":"v""#), put(#""id":"item","member":"m","item":"m/2""#),
      put(#""id":"n","member":"n","territories":["DE"]"#))
    #expect(recorded.allSatisfy { $0.contains(#""created":true,"seq":"#) }, "\(recorded)")
    let expected = [
      "free: none_recorded", "m/1: v", "m/2: item", "m/3: none_recorded", "n/1: other_territory n",
    ]
    #expect(try judge(Self.use + #","at":"2025-06-01""#) == expected)
    #expect(try judge(Self.use + #","at":"2025-06-01""#, #","group_by":"work""#) == expected)
    let all = #","score_threshold":-1"#
    #expect(try judge(Self.use + #","at":"2025-06-01""#, method: "match", all) == expected)
    #expect(try judge(Self.use + #","at":"2025-06-01""#, method: "match", all + #","group_by":"work""#) == expected)
  }

  @Test func `Without a use nothing is said`() throws {
    _ = ask(put(#""member":"m""#))
    #expect(!ask(("search", #""vector":[1,0]"#))[0].contains("permission"))
  }

  @Test func `The window ends before its last instant`() throws {
    _ = ask(put(#""id":"p","member":"m","valid_from":"2025-02-01","valid_until":"2025-03-01T00:00:00Z""#))
    for (at, word) in [
      ("2025-01-31T23:59:59.999Z", "outside_window p"), ("2025-02-01", "p"), ("2025-02-28T23:59:59.999Z", "p"),
      ("2025-03-01", "outside_window p"),
    ] {
      #expect(try judge(Self.use + #","at":"\#(at)""#).contains("m/1: \(word)"), "\(at)")
    }
  }

  @Test func `What was recorded later was not known`() throws {
    let answer = ask(put(#""id":"p","member":"m""#))[0]
    let recordedAt = try #require(answer.firstMatch(of: /"recorded_at":"([^"]+)"/)).1
    Thread.sleep(forTimeInterval: 0.005)  // so that the revocation is recorded later
    _ = ask(("permissions.revoke", #""id":"p","revoked_at":"2025-04-01""#))
    let use = Self.use + #","at":"2025-06-01""#
    #expect(try judge(use).contains("m/1: revoked_before p"))
    #expect(try judge(use + #","as_known_at":"\#(recordedAt)""#).contains("m/1: p"))
    #expect(try judge(use + #","as_known_at":"2025-06-02""#).contains("m/1: none_recorded"))
    #expect(try judge(Self.use + #","at":"2025-03-31T23:59:59.999Z""#).contains("m/1: p"))
    #expect(try judge(Self.use + #","at":"2024-12-31""#).contains("m/1: granted_after_use p"))
  }

  /// A key keeps its permission through a new row, and loses it with its member: nobody can permit what is another's.
  @Test func `A permission for an item goes with its key and its member`() throws {
    _ = ask(put(#""id":"p","member":"m","item":"m/1""#))
    // The engine of this conversation keeps the lock only as long as it lives.
    try fixture.run(fixture.request([[1, 0]], metadata: [#"{"key":"m/1","member":"m","work":"new"}"#], name: "again"))
    try engine.refresh()
    let use = Self.use + #","at":"2025-06-01""#
    #expect(try judge(use).contains("m/1: p"))
    try fixture.run(fixture.request([[1, 0]], metadata: [#"{"key":"m/1","member":"n","work":"new"}"#], name: "moved"))
    try engine.refresh()
    #expect(try judge(use).contains("m/1: none_recorded"))
  }

  @Test func `What does not exist is named`() {
    let requests: [(request: (method: String, params: String), pointer: String)] = [
      (put(#""member":"x""#), "/params/member"), (put(#""member":"m","work":"x""#), "/params/work"),
      (("permissions.revoke", #""id":"x","revoked_at":"2025-01-01""#), "/params/id"),
      (("permissions.list", #""member":"x""#), "/params/member"),
      (("permissions.check", #""key":"x","use":{\#(Self.use),"at":"2025-01-01"}"#), "/params/key"),
      (("permissions.check", #""member":"m","work":"x","use":{\#(Self.use),"at":"2025-01-01"}"#), "/params/work"),
    ]
    for (request, pointer) in requests {
      let answer = ask(request)[0]
      #expect(answer.contains(#""kind":"not_found","pointer":"\#(pointer)","got":"x""#), "\(answer)")
    }
  }

  @Test func `An id is given once`() {
    _ = ask(put(#""id":"p","member":"m""#))
    #expect(ask(put(#""id":"p","member":"m""#))[0].contains(#""created":false,"seq":2"#))
    let answer = ask(put(#""id":"p","member":"n""#))[0]
    #expect(answer.contains(#""code":1005"#) && answer.contains(#""pointer":"/params/id""#), "\(answer)")
    #expect(answer.contains("revoke it and record a new one"))
  }

  @Test func `A list goes on at its cursor`() throws {
    _ = ask(put(#""id":"a","member":"m""#), put(#""id":"b","member":"n""#), put(#""id":"c","member":"m""#))
    let first = ask(("permissions.list", #""limit":2"#))[0]
    #expect(first.contains(#""id":"a""#) && first.contains(#""id":"b""#) && first.contains(#""cursor":"2""#))
    let next = ask(("permissions.list", #""limit":2,"cursor":"2""#))[0]
    #expect(next.contains(#""id":"c","scope":"member","member":"m","licensee":"acme","uses":["training"],"#))
    #expect(!next.contains("cursor") && !next.contains(#""id":"a""#))
    #expect(!ask(("permissions.list", #""member":"m""#))[0].contains(#""id":"b""#))
    #expect(ask(("permissions.list", #""licensee":"b""#))[0].contains(#""permissions":[]"#))
    #expect(ask(("permissions.list", #""cursor":"x""#))[0].contains(#""pointer":"/params/cursor""#))
  }
}
