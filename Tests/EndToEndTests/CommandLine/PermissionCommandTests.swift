import Foundation
import TestSupport
import Testing

/// `kagami permissions`, as a person or a script uses it.
@Suite struct PermissionCommandTests {
  private let sample: SampleCatalogue

  init() throws { sample = try SampleCatalogue() }

  private func permissions(_ command: String, _ arguments: String...) throws -> CommandResult {
    try .kagami(["permissions", command, sample.path] + arguments)
  }

  private func put(_ more: String...) throws -> CommandResult {
    let common = ["--member", "moonreed", "--licensee", "acme", "--use", "training", "--granted-at", "2024-12-20"]
    return try .kagami(["permissions", "put", sample.path] + common + more)
  }

  private func check(at: String, territory: String = "JP", licensee: String = "acme") throws -> CommandResult {
    try permissions(
      "check", "--member", "moonreed", "--licensee", licensee, "--use", "training", "--territory", territory, "--at", at
    )
  }

  @Test func `A permission lives from its first instant until it is revoked`() throws {
    #expect(
      try put("--id", "p", "--territory", "JP", "--valid-from", "2025-01-01").lines == ["Permission p is recorded."])
    let again = try put("--id", "p", "--territory", "JP", "--valid-from", "2025-01-01T00:00:00Z")
    #expect(again.end == .exit(0))
    #expect(again.text.hasPrefix("Permission p was recorded already, 2"))
    #expect(try check(at: "2025-01-01").lines == ["Permitted by p."])
    let early = try check(at: "2024-12-31T23:59:59Z")
    #expect(early.lines == ["Not permitted: the use is outside the time of p."])
    #expect(early.end == .exit(1))
    #expect(try check(at: "2025-01-01", territory: "US").lines == ["Not permitted: p is for other territories."])
    #expect(try check(at: "2025-01-01", licensee: "x").lines == ["Not permitted: p is another licensee's."])
    let revoked = try permissions("revoke", "p", "--revoked-at", "2025-09-01")
    #expect(revoked.lines == ["The revocation of p is recorded."])
    #expect(try check(at: "2025-08-31T23:59:59.999Z").end == .exit(0))
    #expect(try check(at: "2025-09-01").lines == ["Not permitted: p had been revoked before."])
    #expect(try CommandResult.kagami("verify", sample.path).end == .exit(0))
  }

  @Test func `A list is a table, or JSON with all there is`() throws {
    #expect(try permissions("list").lines == ["No permissions are recorded."])
    _ = try put("--id", "p", "--use", "display", "--reference", "contract 7")
    _ = try put("--id", "q", "--work", "tram-depot-under-stars", "--territory", "JP", "--territory", "DE")
    let table = try permissions("list").lines
    #expect(table.count == 3)
    #expect(table[1].hasPrefix("p   moonreed                         acme      display training  worldwide"))
    #expect(table[2].hasPrefix("q   moonreed/tram-depot-under-stars  acme      training          DE JP"))
    #expect(try permissions("list", "--limit", "1").lines.last == "There are more: --cursor 1")
    let json = try permissions("list", "--json").text
    #expect(json.contains(#""reference":"contract 7""#) && json.hasSuffix(#""seq":3}"#))
  }

  @Test(
    arguments: [
      (["--territory", "UK"], 64, "--territory: expected a two-letter code of ISO 3166-1"),
      (["--valid-until", "soon"], 64, "--valid-until: expected a time as 2025-03-01T00:00:00Z"),
      (["--use", "trainings"], 64, "--use: unknown use; did you mean training?"),
      (["--valid-from", "2025-01-01", "--valid-until", "2025-01-01"], 64, "--valid-until: the permission ends before"),
      (["--work", "nothing"], 65, "--work: there is no work with this id"),
    ] as [([String], Int32, String)])
  func `A mistake names its option`(_ more: [String], _ code: Int32, _ words: String) throws {
    let common = ["--member", "moonreed", "--licensee", "acme", "--use", "training", "--granted-at", "2024-12-20"]
    let result = try CommandResult.kagami(["permissions", "put", sample.path] + common + more)
    #expect(result.end == .exit(code))
    #expect(result.errors.hasPrefix("kagami: \(words)"), "\(result.errors)")
    #expect(result.lines.isEmpty)
  }

  /// A catalogue that is served for reading only refuses edits and answers questions.
  @Test func `A reading engine refuses edits`() throws {
    let process = try sample.serve("--read-only")
    let put = #""member":"moonreed","licensee":"acme","uses":["training"],"granted_at":"2024-12-20""#
    let answers = try process.exchange([
      RequestLine.make("permissions.put", 1, put), RequestLine.make("permissions.list", 2, ""),
    ])
    let refusal = try #require(answers.first { $0.contains(#""id":1,"#) })
    #expect(refusal.contains(#""code":1006,"#), "\(refusal)")
    #expect(answers.contains { $0.contains(#""permissions":[]"#) })
  }
}
