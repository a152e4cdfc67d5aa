import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// Answers of an engine that has a graph.
@Suite struct GraphSearchTests {
  private struct Plan: Decodable {
    struct Result: Decodable {
      var exact: Bool
      var plan: String?
      var complete: Bool?
    }
    var result: Result
  }

  private let engine: Engine
  private let queries: HalfMatrix
  private static let others = #","filter":{"must_not":[{"key":"member","match":{"value":"moonreed"}}]}"#

  init() throws {
    queries = try HalfMatrix(Repository.sample("queries.npy"))
    engine = try Fixture.sample().open()
    engine.attach(IndexBuilder(engine.snapshot, workers: WorkerPool(width: 2)).build())
  }

  private func line(_ method: String, _ query: Int, _ params: String) throws -> String {
    let line = RequestLine.make(method, 1, RequestLine.vector(queries[query]) + params) + "\n"
    return try #require(MemoryPipe.answers(engine, [Array(line.utf8)[...]]).first)
  }

  private func ask(_ method: String, _ query: Int, _ params: String) throws -> (answer: Answer, plan: Plan.Result) {
    let text = try line(method, query, params)
    return (try Answer(text), try JSONDecoder().decode(Plan.self, from: Data(text.utf8)).result)
  }

  @Test(arguments: ["", GraphSearchTests.others])
  func theAnswerSaysHowItWasFound(filter: String) throws {
    var hits = 0
    for query in 0..<40 {
      let exact = try ask("search", query, filter + #","exact":true"#)
      #expect(exact.plan.exact && exact.plan.plan == "exact")
      let found = try ask("search", query, filter)
      #expect(!found.plan.exact && found.plan.plan == (filter.isEmpty ? "walk" : "scan"))
      #expect(found.answer.hits.count == 10)
      hits += Set(found.answer.hits.map(\.key)).intersection(exact.answer.hits.map(\.key)).count
    }
    #expect(hits >= 390)
  }

  @Test func effortIsHonoured() throws {
    #expect(try ask("search", 0, #","target_recall":1"#).plan.plan == "exact")
    #expect(try ask("search", 0, #","target_recall":0.5"#).plan.plan == "walk")
    #expect(try ask("search", 0, #","beam_width":20"#).plan.plan == "walk")
    // More candidates than half of all rows: they are compared.
    #expect(try ask("search", 0, #","beam_width":2000"#).plan.plan == "exact")
  }

  @Test func matchesStayComplete() throws {
    let found = try ask("match", 3, #","score_threshold":0.4"#)
    #expect(found.plan.exact && found.plan.plan == "exact" && found.plan.complete == true)
  }

  @Test func worksAreFoundThroughTheGraph() throws {
    let text = try line("search", 3, #","group_by":"work","k":3"#)
    #expect(text.contains(#""exact":false,"plan":"walk""#) && text.contains(#""groups":[{"work""#))
  }
}
