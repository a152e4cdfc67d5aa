import Foundation
import TestSupport
import Testing

/// S10: eight processes read while one writes; each answer is of one revision, and revisions only grow.
@Suite struct ManyReadersTests {
  private static let keys = 24

  /// All items in the same state, in one commit: a reader that sees two states in one answer sees a torn one.
  private func edit(_ state: Int) -> String {
    let vector = (0..<16).map { "\($0 == 0 ? state + 1 : 0)" }.joined(separator: ",")
    let items = (0..<Self.keys).map { #"{"key":"k\#($0)","vector":[\#(vector)],"attributes":{"state":\#(state)}}"# }
    return RequestLine.make("items.upsert", state, "\"items\":[\(items.joined(separator: ","))],\"atomic\":true")
  }

  @Test func `No reader sees a torn state`() throws {
    let home = try TemporaryDirectory()
    let path = home.appending("art.kagami")
    #expect(try CommandResult.kagami("create", path, "--dimension", "16", "--metric", "ip").end == .exit(0))
    let writer = try EngineProcess(["serve", path, "--threads", "1"])
    _ = try writer.ask(edit(0))
    let readers = try (0..<8).map { _ in try EngineProcess(["serve", path, "--read-only", "--threads", "1"]) }
    var (revisions, states) = ([Int](repeating: 0, count: readers.count), [Int](repeating: 0, count: readers.count))
    let search = RequestLine.make(
      "search", 1, #""vector":[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"k":100,"exact":true"#)
    let scroll = RequestLine.make("items.scroll", 2, #""limit":100,"with_attributes":true"#)
    for state in 1...150 {
      try writer.send(edit(state))
      if state % 40 == 0 { try writer.send(RequestLine.make("index.build", 100_000 + state)) }
      for reader in readers { try reader.send(state % 2 == 0 ? search : scroll) }
      for (number, reader) in readers.enumerated() {
        let answer = try JSONTree(try #require(try reader.line()))["result"]
        let revision = try #require(answer?["seq"]?.integer)
        #expect(revision >= revisions[number])
        revisions[number] = revision
        let hits = answer?["results"]?.array?.first?["hits"]?.array?.compactMap { $0["score"]?.number }
        let items = answer?["items"]?.array?.compactMap { $0["attributes"]?["state"]?.number }
        let seen = hits?.map { $0 - 1 } ?? items ?? []
        #expect(seen.count == Self.keys && Set(seen).count == 1, "reader \(number) at revision \(revision): \(seen)")
        #expect(Int(seen.first ?? -1) >= states[number])
        states[number] = Int(seen.first ?? 0)
      }
    }
    writer.closeInput()
    let answers = try writer.rest()
    #expect(answers.count { $0.contains("\"upserted\":24") } == 150 && !answers.contains { $0.contains("\"error\"") })
    #expect(try writer.waitForEnd() == .exit(0))
    #expect(states.max() ?? 0 > 20, "they did see the edits")
    for reader in readers {
      reader.closeInput()
      #expect(try reader.waitForEnd() == .exit(0))
    }
    #expect(try CommandResult.kagami("verify", path).end == .exit(0))
  }
}
