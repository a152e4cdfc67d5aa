import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// What a scan writes is what single searches answer.
@Suite struct ScanTests {
  private let home: TemporaryDirectory

  init() throws {
    home = try TemporaryDirectory()
  }

  private func request(_ catalogue: String, _ inputs: String..., output: String) -> ScanRequest {
    ScanRequest(catalogue: catalogue, inputs: inputs, output: home.appending(output))
  }

  @discardableResult
  private func scan(_ request: ScanRequest) throws -> ScanReport {
    try CatalogueScan(request, refuse: { _ in }, progress: { _ in }).run()
  }

  private func text(_ name: String) throws -> String { String(decoding: try home.read(name), as: UTF8.self) }

  private let queries = Repository.sample("queries.npy")

  @Test func `Every row has the hits that a search finds, with the same names`() throws {
    let sample = try Fixture.sample()
    var request = request(sample.path, queries, queries, output: "out.jsonl")
    (request.k, request.threads) = (3, 2)
    let report = try scan(request)
    var expected: [String] = []
    try FileSearch(try sample.open(), k: 3, scoreThreshold: nil, filter: nil).run(queries) { query, line, _ in
      expected.append(line.replacing("{\"query\":\(query),", with: "{\"file\":\"\(queries)\",\"row\":\(query),"))
    }
    let lines = try text("out.jsonl").split(separator: "\n").map(String.init)
    #expect(lines == expected + expected)
    #expect(report.queries == lines.count && report.hits == 3 * lines.count && report.refused == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["out.jsonl"], "something was left")
  }

  @Test(arguments: ["jsonl", "csv", "npy"])
  func `The output does not depend on the number of threads`(_ ending: String) throws {
    let sample = try Fixture.sample()
    let outputs = try [1, 2, 5].map { threads in
      var request = request(sample.path, queries, output: "\(threads).\(ending)")
      (request.threads, request.withAttributes) = (threads, true)
      try scan(request)
      return try [home.read("\(threads).\(ending)")] + (ending == "npy" ? [home.read("\(threads).keys.jsonl")] : [])
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2] && !outputs[0][0].isEmpty)
  }

  @Test func `Scores as a matrix, and the keys beside it`() throws {
    let sample = try Fixture.sample()
    var request = request(sample.path, queries, output: "out.npy")
    // So high that some rows have fewer hits.
    (request.k, request.scoreThreshold) = (4, 0.7)
    let report = try scan(request)
    let matrix = try NumberMatrix<Float>(home.appending("out.npy"))
    let keys = try text("out.keys.jsonl").split(separator: "\n").map {
      try JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
    #expect(matrix.rowCount == report.queries && matrix.columns == 4 && keys.count == report.queries)
    try FileSearch(try sample.open(), k: 4, scoreThreshold: 0.7, filter: nil).run(queries) { query, _, hits in
      #expect(keys[query] == hits.map(\.key))
      #expect(Array(matrix[query].prefix(hits.count)) == hits.map(\.score))
      #expect(matrix[query].dropFirst(hits.count).allSatisfy { $0.isNaN })
    }
    #expect(report.hits < 4 * report.queries && report.hits > 0)
  }

  @Test func `Fields of CSV are quoted where they have to be`() throws {
    let fixture = try Fixture()
    let lines = [
      #"{"key":"a,b","member":"say \"hi\"","work":"two\nlines","title":"plain"}"#, #"{"key":"鏡","note":"x"}"#,
    ]
    try fixture.run(fixture.request([[1, 0], [0, 1]], metadata: lines))
    let input = try home.write(NpyBytes.vectors([[1, 0]]), to: "q,1.npy")
    var request = request(fixture.path, input, output: "out.csv")
    request.withAttributes = true
    try scan(request)
    let expected = [
      "file,row,query,rank,key,score,member,work,kind,title,source,timecode,attributes,error",
      "\"\(input)\",0,,1,\"a,b\",1.0,\"say \"\"hi\"\"\",\"two\nlines\",,plain,,,,",
      "\"\(input)\",0,,2,鏡,0,,,,,,,\"{\"\"note\"\":\"\"x\"\"}\",", "",
    ]
    #expect(try text("out.csv") == expected.joined(separator: "\r\n"))
  }

  @Test func `Everything above a threshold is found, also where it is more than a page`() throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 5)
    let rows = (0..<12_000).map { _ in (0..<2).map { _ in Float.random(in: -1...1, using: &generator) } }
    try fixture.run(fixture.request(rows))
    let input = try home.write(NpyBytes.vectors([[1, 0.5], [-1, 2], [0.1, -3]]), to: "q.npy")
    var request = request(fixture.path, input, output: "out.jsonl")
    (request.k, request.scoreThreshold) = (nil, -0.9)
    let report = try scan(request)
    var expected: [String] = []
    let all = try FileSearch(try fixture.open(), k: 12_000, scoreThreshold: -0.9, filter: nil)
    try all.run(input) { _, _, hits in
      #expect(hits.count > 10_000 && hits.count < 12_000)
      expected += hits.map(\.key)
    }
    let found = try text("out.jsonl").matches(of: /"key":"([0-9]+)"/).map { String($0.output.1) }
    #expect(found == expected && report.hits == expected.count)
  }

  @Test func `Rows of JSON lines bring their keys along, and a filter holds for all`() throws {
    let sample = try Fixture.sample()
    let engine = try sample.open()
    let vector = engine.snapshot.rows.row(Ordinal(7))
    let lines = #"{"key":"mine","vector":\#(vector)}"# + "\n" + #"{"vector":\#(vector)}"# + "\n"
    let input = try home.write(Array(lines.utf8), to: "q.jsonl")
    var request = request(sample.path, input, output: "out.jsonl")
    request.filter = #"{"must":[{"key":"member","match":{"value":"moonreed"}}]}"#
    let report = try scan(request)
    let text = try text("out.jsonl")
    #expect(text.hasPrefix(#"{"file":"\#(input)","row":0,"key":"mine","hits":[{"#))
    #expect(text.contains(#"\#n{"file":"\#(input)","row":1,"hits":[{"#))
    #expect(report.hits == 20 && text.matches(of: /"member":"moonreed"/).count == 20)
  }
}
