import TestSupport
import Testing

/// What `engine.stats` counts.
@Suite struct StatisticsTests {
  private static let key = "moonreed/canal-under-stars/04"

  private func statistics(_ process: EngineProcess) throws -> JSONTree {
    try #require(try JSONTree(process.ask(RequestLine.make("engine.stats", 999)))["result"])
  }

  @Test func `Every request is counted once, by method, by kind of error and by plan`() throws {
    let process = try SampleCatalogue().serve()
    let vector = "[" + [String](repeating: "0.5", count: 256).joined(separator: ",") + "]"
    let lines =
      (0..<3).map { RequestLine.make("search", $0, #""key":"\#(Self.key)""#) } + [
        RequestLine.make("search", 3, #""key":"nobody""#), RequestLine.make("search", 4, #""k":0"#),
        RequestLine.make("serch", 5), "{", RequestLine.make("match", 6, #""key":"\#(Self.key)","score_threshold":0.9"#),
        RequestLine.make("items.upsert", 7, #""items":[{"key":"n/1","vector":\#(vector)}]"#),
        RequestLine.make("items.remove", 8, #""keys":["n/1"]"#), RequestLine.make("engine.sync", 9),
      ]
    #expect(try process.exchange(lines).count == lines.count)
    let found = try statistics(process)
    #expect(found["requests"]?.integer == lines.count + 1)
    #expect(found["errors"]?.integer == 4)
    #expect(
      found["error_kinds"]
        == .object([
          "parse_error": .integer(1), "method_not_found": .integer(1), "invalid_params": .integer(1),
          "not_found": .integer(1),
        ]))
    let methods = try #require(found["methods"]?.object)
    #expect(Set(methods.keys) == ["search", "match", "items.upsert", "items.remove", "engine.sync"])
    // What could not be decoded is of no method yet.
    #expect(methods["search"]?["requests"]?.integer == 4)
    #expect(methods["search"]?["errors"]?.integer == 1)
    #expect(methods["items.remove"]?["requests"]?.integer == 1)
    #expect(found["plans"]?["exact"]?.integer == 4)
    #expect(found["vectors_searched"]?.integer == 4)
    #expect(found["edits"]?.integer == 2)
    #expect((1...2).contains(found["commits"]?.integer ?? 0))
    #expect(found["unanswered"]?.integer == 0)
    #expect(
      found["bytes_in"]?.integer == lines.map(\.utf8.count).reduce(RequestLine.make("engine.stats", 999).utf8.count, +))
  }

  @Test func `Latencies are a distribution`() throws {
    let process = try SampleCatalogue().serve()
    let lines = (0..<200).map { RequestLine.make("search", $0, #""key":"\#(Self.key)""#) }
    _ = try process.exchange(lines)
    let latency = try #require(try statistics(process)["methods"]?["search"]?["latency_us"]?.object)
    let marks = ["p50", "p90", "p99", "p99_9", "max"].compactMap { latency[$0]?.number }
    #expect(marks.count == 5 && marks == marks.sorted() && marks[0] > 0 && marks[4] < 60e6)
  }

  @Test func `It is answered while others wait`() throws {
    let process = try SampleCatalogue().serve("--threads", "1")
    let vector = "[" + [String](repeating: "0.5", count: 256).joined(separator: ",") + "]"
    let vectors = "[" + [String](repeating: vector, count: 200).joined(separator: ",") + "]"
    let heavy = (0..<20).map { RequestLine.make("search", $0, #""vectors":\#(vectors),"exact":true,"k":100"#) }
    let answers = try process.exchange(heavy + [RequestLine.make("engine.stats", 999)])
    let found = try #require(try answers.map { try JSONTree($0) }.first { $0["id"]?.integer == 999 }?["result"])
    #expect((found["unanswered"]?.integer ?? 0) > 0)
    #expect(try statistics(process)["unanswered"]?.integer == 0)
  }

  @Test func `Memory and open files are those of the process`() throws {
    let process = try SampleCatalogue().serve()
    let found = try statistics(process)
    let resident = try #require(found["resident_bytes"]?.integer)
    guard let real = process.memory("VmRSS"), let peak = process.memory("VmHWM") else { return }
    #expect(abs(resident - real) < 8 << 20)
    #expect((found["peak_bytes"]?.integer ?? .max) <= peak + 8 << 20)
    #expect((1...resident).contains(found["anonymous_bytes"]?.integer ?? 0))
    #expect((3...200).contains(found["open_files"]?.integer ?? 0))
  }
}
