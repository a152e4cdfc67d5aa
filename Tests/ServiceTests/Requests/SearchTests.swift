import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Answers to `search` and `match` against double precision in plain Swift.
@Suite struct SearchTests {
  private let items: HalfMatrix
  private let queries: HalfMatrix
  private let years: [Int32]
  private let lines: [Line]

  private struct Line: Decodable {
    var key: String
    var work: String
  }

  init() throws {
    items = try HalfMatrix(Repository.sample("items.npy"))
    queries = try HalfMatrix(Repository.sample("queries.npy"))
    years = try NumberMatrix<Int32>(Repository.sample("labels/year.npy")).numbers
    let text = try Data(contentsOf: URL(fileURLWithPath: Repository.sample("items.jsonl")))
    lines = try text.split(separator: 10).map { try JSONDecoder().decode(Line.self, from: $0) }
  }

  private func engine(_ metric: ModelSpace.Metric, _ storage: ModelSpace.Storage) throws -> Engine {
    let fixture = try Fixture()
    var request = ImportRequest(catalogue: fixture.path, vectors: Repository.sample("items.npy"))
    request.metadata = Repository.sample("items.jsonl")
    (request.metric, request.storage) = (metric, storage)
    try fixture.run(request)
    return try fixture.open()
  }

  private func ask(_ engine: Engine, _ method: String, _ params: String) throws -> String {
    try #require(MemoryPipe.answers(engine, [Array((RequestLine.make(method, 1, params) + "\n").utf8)[...]]).first)
  }

  private func score(_ metric: ModelSpace.Metric, _ query: ArraySlice<Float16>, _ row: ArraySlice<Float16>) -> Double {
    switch metric {
    case .innerProduct: ExactScores.product(query, row)
    case .cosine:
      ExactScores.product(query, row)
        / (ExactScores.product(query, query) * ExactScores.product(row, row)).squareRoot()
    case .euclidean:
      -zip(query, row).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }.squareRoot()
    }
  }

  @Test(arguments: ModelSpace.Metric.allCases, ModelSpace.Storage.allCases)
  func `Every metric and storage answers what double precision answers`(
    _ metric: ModelSpace.Metric, _ storage: ModelSpace.Storage
  ) throws {
    let engine = try engine(metric, storage)
    for query in 0..<12 {
      let scores = lines.indices.map { score(metric, queries[query], items[$0]) }
      for isFiltered in [false, true] {
        let allowed = lines.indices.filter { !isFiltered || years[$0] >= 2010 }
        let best = allowed.map { scores[$0] }.sorted(by: >).prefix(10)
        let filter = isFiltered ? #","filter":{"must":[{"key":"year","range":{"gte":2010}}]}"# : ""
        let hits = try Answer(ask(engine, "search", RequestLine.vector(queries[query]) + filter)).hits
        #expect(hits.count == 10)
        for (hit, exact) in zip(hits, best) {
          let row = try #require(lines.firstIndex { $0.key == hit.key })
          #expect(abs(hit.score - exact) < 2e-6)
          #expect(abs(hit.score - scores[row]) < 2e-6)
          #expect(allowed.contains(row))
        }
      }
    }
  }

  @Test func `Groups are the best works with their best items`() throws {
    struct Group: Decodable {
      var work: String
      var score: Double
      var count: Int
      var hits: [Answer.Hit]
    }
    struct Grouped: Decodable {
      struct Result: Decodable { var results: [Entry] }
      struct Entry: Decodable { var groups: [Group] }
      var result: Result
    }
    let engine = try engine(.cosine, .float16)
    for query in 0..<12 {
      let scores = lines.indices.map { score(.cosine, queries[query], items[$0]) }
      let byWork = Dictionary(grouping: lines.indices) { lines[$0].work }
      let best = byWork.mapValues { $0.map { scores[$0] }.sorted(by: >) }.sorted { $0.value[0] > $1.value[0] }
      let params = RequestLine.vector(queries[query]) + #","k":5,"group_by":"work","group_size":2"#
      let answer = try JSONDecoder().decode(Grouped.self, from: Data(ask(engine, "search", params).utf8))
      let groups = answer.result.results[0].groups
      #expect(groups.map(\.work) == best.prefix(5).map(\.key))
      for (group, exact) in zip(groups, best) {
        #expect(group.count == exact.value.count)
        #expect(abs(group.score - exact.value[0]) < 2e-6)
        #expect(group.hits.count == min(2, exact.value.count))
        for (hit, score) in zip(group.hits, exact.value) { #expect(abs(hit.score - score) < 2e-6) }
      }
    }
  }

  @Test func `Every form of a vector gives the same answer`() throws {
    let engine = try engine(.cosine, .float16)
    for query in 0..<12 {
      let numbers = queries[query].map { Float($0) }
      let array = "[\(numbers.map { "\($0)" }.joined(separator: ","))]"
      let doubles = "[\(queries[query].map { "\(Double($0) * 1.0)" }.joined(separator: ", "))]"
      let floats = numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
      let packed = #""b64":"\#(floats)","dtype":"f32le""#
      let forms = [
        RequestLine.vector(queries[query]), RequestLine.vectors(queries[query], dimension: 256), #""vector":\#(array)"#,
        #""vector":\#(doubles)"#, #""vectors":[\#(array)]"#, #""vector":{\#(packed)}"#,
        #""vector":{\#(packed),"shape":[1,256]}"#, #""vectors":{"shape":[1,256],\#(packed)}"#,
      ]
      let answers = try Set(forms.map { try ask(engine, "search", $0 + #","k":5"#) })
      #expect(answers.count == 1)
    }
  }

  @Test func `A vector is answered alike alone and among others, by scan and by product`() throws {
    let engine = try engine(.cosine, .float16)
    let many = try Answer(ask(engine, "search", RequestLine.vectors(queries.numbers[...], dimension: 256)))
    let entries = try #require(many.result?.results)
    #expect(entries.count == 450)
    for query in stride(from: 0, to: 450, by: 9) {
      #expect(try Answer(ask(engine, "search", RequestLine.vector(queries[query]))).hits == entries[query].hits)
    }
  }

  @Test func `Under cosine the length of a vector does not matter`() throws {
    let engine = try engine(.cosine, .float16)
    func search(_ factor: Float) throws -> [Answer.Hit] {
      let numbers = queries[3].map { "\(Float($0) * factor)" }.joined(separator: ",")
      return try Answer(ask(engine, "search", #""vector":[\#(numbers)]"#)).hits
    }
    let plain = try search(1)
    for factor: Float in [0x1p-20, 0x1p10, 0x1p60, 0x1p-60] { #expect(try search(factor) == plain, "\(factor)") }
  }

  @Test func `Every item finds itself, and a search by its key leaves it out`() throws {
    let engine = try engine(.cosine, .float16)
    for row in stride(from: 0, to: lines.count, by: 60) {
      let hits = try Answer(ask(engine, "search", RequestLine.vector(items[row]) + #","k":3"#)).hits
      #expect(hits.first?.key == lines[row].key)
      #expect(abs((hits.first?.score ?? 0) - 1) < 1e-6)
      let others = try Answer(ask(engine, "search", #""key":"\#(lines[row].key)","k":2"#)).hits
      #expect(others == Array(hits.dropFirst()))
    }
  }

  @Test func `Equal scores are in the order of their keys`() throws {
    let fixture = try Fixture()
    let keys = ["b", "a", "é", "Z", "aa", "z"]
    try fixture.run(
      fixture.request([[Float]](repeating: [1, 2], count: 6), metadata: keys.map { #"{"key":"\#($0)"}"# }))
    let engine = try fixture.open()
    for method in ["search", "match"] {
      let answer = try Answer(ask(engine, method, #""vector":[1,2],"score_threshold":0.5"#))
      #expect(answer.hits.map(\.key) == ["Z", "a", "aa", "b", "z", "é"])
    }
  }
}
