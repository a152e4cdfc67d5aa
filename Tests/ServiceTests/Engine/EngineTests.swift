import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

@Suite struct EngineTests {
  @Test func `An empty catalogue is served`() throws {
    let fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 4))
    let engine = try fixture.open()
    #expect(engine.snapshot.count == 0)
    let search = RequestLine.make("search", 1, #""vector":[1,0,0,0]"#)
    #expect(
      MemoryPipe.answers(engine, [Array((search + "\n").utf8)[...]])
        == [#"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[]}],"seq":0,"exact":true,"plan":"exact"}}"#])
  }

  @Test func `Commits of others are seen when it looks again, also replaced and removed rows`() throws {
    let fixture = try Fixture()
    try fixture.run(fixture.request([[1, 0], [0, 1]], metadata: [#"{"key":"a"}"#, #"{"key":"b","member":"m"}"#]))
    let engine = try fixture.open()
    #expect(engine.snapshot.liveCount == 2)
    try fixture.run(
      fixture.request(
        [[1, 1], [2, 1]], metadata: [#"{"key":"a","member":"n","work":"w"}"#, #"{"key":"c"}"#], name: "more"))
    #expect(engine.snapshot.sequence == 1, "a state does not change under who holds it")
    try engine.refresh()
    #expect(engine.snapshot.sequence == 2)
    #expect(engine.snapshot.live.ordinals == [1, 2, 3])
    let writer = try CatalogueStore.open(at: fixture.path, access: .readWrite).makeWriter()
    _ = try writer.remove(["b"])
    try engine.refresh()
    #expect(engine.snapshot.live.ordinals == [2, 3])
    #expect(engine.snapshot.sequence == 3)
    try engine.refresh()
    #expect(engine.snapshot.sequence == 3)
    let again = try fixture.open()
    #expect(again.snapshot.live == engine.snapshot.live, "opening anew gives the same state")
  }

  @Test func `Where the catalogue cannot be read on, answers go on from what is known and say so`() throws {
    let fixture = try Fixture()
    try fixture.run(fixture.request([[1, 0], [0, 1]], metadata: [#"{"key":"a"}"#, #"{"key":"b"}"#]))
    let engine = try fixture.open()
    try fixture.run(fixture.request([[1, 1]], metadata: [#"{"key":"c"}"#], name: "more"))
    let rows = "\(fixture.path)/rows/000001.rows"
    try FileManager.default.moveItem(atPath: rows, toPath: rows + ".away")
    let search = RequestLine.make("search", 1, #""vector":[1,0.5],"min_seq":1,"k":1"#) + "\n"
    let hits =
      #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[{"key":"a","score":0.8944272}]}],"seq":1,"exact":true,"plan":"exact""#
    Thread.sleep(forTimeInterval: 0.15)
    for _ in 0..<2 {
      #expect(MemoryPipe.answers(engine, [Array(search.utf8)[...]]) == [hits + #","degraded":true}}"#])
    }
    try FileManager.default.moveItem(atPath: rows + ".away", toPath: rows)
    try engine.refresh()
    #expect(engine.snapshot.sequence == 2)
    let answer = MemoryPipe.answers(engine, [Array(search.utf8)[...]])
    #expect(answer.count == 1 && !answer[0].contains("degraded") && answer[0].contains(#""key":"c""#))
  }

  @Test func `A filter that was asked before forgets what has gone and learns what has come`() throws {
    let fixture = try Fixture()
    let metadata = [#"{"key":"a","member":"m"}"#, #"{"key":"b","member":"m"}"#, #"{"key":"c","member":"n"}"#]
    try fixture.run(fixture.request([[1, 0], [0, 1], [1, 1]], metadata: metadata))
    let engine = try fixture.open()
    let filter = #""filter":{"must":{"key":"member","match":{"value":"m"}}}"#
    func counts() -> [String] {
      [filter, ""].flatMap { parameters in
        let line = RequestLine.make("items.count", 1, parameters) + "\n"
        return MemoryPipe.answers(engine, [Array(line.utf8)[...]])
      }
    }
    func expected(_ filtered: Int, _ all: Int, _ sequence: Int) -> [String] {
      [filtered, all].map { #"{"jsonrpc":"2.0","id":1,"result":{"count":\#($0),"seq":\#(sequence)}}"# }
    }
    for _ in 0..<2 { #expect(counts() == expected(2, 3, 1)) }
    do {
      let writer = try CatalogueStore.open(at: fixture.path, access: .readWrite).makeWriter()
      _ = try writer.remove(["a"])
    }
    try engine.refresh()
    for _ in 0..<2 { #expect(counts() == expected(1, 2, 2)) }
    try fixture.run(fixture.request([[2, 1]], metadata: [#"{"key":"d","member":"m"}"#], name: "more"))
    try engine.refresh()
    for _ in 0..<2 { #expect(counts() == expected(2, 3, 3)) }
  }

  @Test func `Many threads see a growing catalogue in whole commits`() throws {
    let fixture = try Fixture()
    try fixture.run(fixture.request([[1, 0]], metadata: [#"{"key":"first"}"#]))
    let engine = try fixture.open()
    let path = fixture.path
    let readers = DispatchGroup()
    for _ in 0..<2 {
      DispatchQueue.global().async(group: readers) {
        for _ in 0..<300 {
          try? engine.refresh()
          let snapshot = engine.snapshot
          if snapshot.count != 1 + 10 * (Int(snapshot.sequence) - 1) || snapshot.liveCount != snapshot.count {
            Issue.record("\(snapshot.count) rows at revision \(snapshot.sequence)")
          }
        }
      }
    }
    for batch in 0..<20 {
      let home = try TemporaryDirectory()
      let rows = (0..<10).map { [Float(batch), Float($0 + 1)] }
      var request = ImportRequest(catalogue: path, vectors: try home.write(NpyBytes.vectors(rows), to: "v.npy"))
      request.keyPrefix = "\(batch)/"
      try fixture.run(request)
    }
    readers.wait()
    try engine.refresh()
    #expect(engine.snapshot.count == 201)
  }

  @Test(arguments: [ModelSpace.Metric.innerProduct, .euclidean])
  func `Integers need a scale where length counts`(_ metric: ModelSpace.Metric) throws {
    let fixture = try Fixture()
    var request = try fixture.request([[3, 4], [0, 1]])
    request.metric = metric
    request.storage = .float32
    try fixture.run(request)
    let engine = try fixture.open()
    func ask(_ params: String) -> String {
      MemoryPipe.answers(engine, [Array((RequestLine.make("search", 1, params) + "\n").utf8)[...]])[0]
    }
    // Bytes 3 and 4.
    #expect(ask(#""vector":{"b64":"AwQ=","dtype":"i8"}"#).contains(#""pointer":"/params/vector/scale""#))
    let scaled = ask(#""vector":{"b64":"AwQ=","dtype":"i8","scale":2},"k":2"#)
    let scores = try Answer(scaled).hits.map(\.score)
    switch metric {
    case .euclidean:
      #expect(scores.map { ($0 * 1e4).rounded() } == [-50_000, (-85.0.squareRoot() * 1e4).rounded()])
    default: #expect(scores == [50, 8])
    }
    #expect(try Answer(ask(#""vector":[0,0]"#)).hits.count == 2, "the zero vector can be compared")
  }

  @Test func `A missing or shortened row file is named when the catalogue is opened`() throws {
    let fixture = try Fixture.sample()
    let file = fixture.path + "/rows/000001.rows"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try bytes.prefix(bytes.count - 512).write(to: URL(fileURLWithPath: file))
    #expect(throws: IndexError.self) { try fixture.open() }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: IndexError.missing(file: file)) { try fixture.open() }
  }

  @Test func `A row file of another catalogue is refused by name`() throws {
    let (one, other) = (try Fixture.sample(), try Fixture.sample())
    let file = "/rows/000001.rows"
    try FileManager.default.removeItem(atPath: one.path + file)
    try FileManager.default.copyItem(atPath: other.path + file, toPath: one.path + file)
    #expect(
      throws: IndexError.damaged(file: one.path + file, reason: "belongs to another catalogue")
    ) { try one.open() }
  }
}
