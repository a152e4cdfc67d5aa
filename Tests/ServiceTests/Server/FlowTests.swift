import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// The window, deadlines, progress, and searches that are joined.
@Suite struct FlowTests {
  private func counts(_ ids: Range<Int>) -> [String] { ids.map { RequestLine.make("items.count", $0) } }

  @Test func `Beyond the window requests are refused where that is wanted, and the stream goes on`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), .init(refusesOverload: true), reads: false)
    stream.send(counts(0..<80) + ["no JSON", RequestLine.make("engine.health", 80)])
    let lines = stream.lines(82)
    let answers = try lines.map { try Answer($0) }
    let refused = zip(answers, lines).filter { $0.0.error?.data.kind == "overloaded" }
    #expect(Set(refused.compactMap(\.0.id)) == Set(64..<80))
    #expect(
      refused.allSatisfy { $1.contains(#""limit":64,"#) && $1.firstMatch(of: /"retry_after_ms":[1-9]\d*,/) != nil })
    #expect(answers.contains { $0.id == 80 && $0.result?.state == "ok" }, "control requests have places of their own")
    #expect(answers.contains { $0.error?.data.kind == "parse_error" })
    stream.readAll()
    stream.send(counts(100..<164))
    let counts = try stream.end().compactMap { try Answer($0).result?.count }
    #expect(counts == [Int](repeating: 40, count: 128))
  }

  @Test func `Refusals that nobody reads are bounded too`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), .init(refusesOverload: true), reads: false)
    let lines = counts(0..<5000)
    Thread.detachNewThread { stream.send(lines) }
    #expect(stream.lines(64 + 1024).count == 64 + 1024)
    usleep(50_000)
    #expect(stream.lines.count == 64 + 1024, "reading has stopped")
    while stream.lines.count < 5000 {
      stream.readAll()
      usleep(1000)
    }
    #expect(stream.end().count == 5000)
  }

  @Test func `Searches that are joined are answered as they are alone`() throws {
    let fixture = try Fixture.sample()
    let engine = try fixture.open()
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    var generator = SeededGenerator(seed: 8)
    for isBuilt in [false, true] {
      if isBuilt { _ = try IndexBuild(engine).run() }
      let lines = (0..<400).map { id -> String in
        let vector =
          Int.random(in: 0..<50, using: &generator) == 0
          ? #""vector":[1,2]"# : RequestLine.vector(queries[Int.random(in: 0..<450, using: &generator)])
        let options = [
          "", #","k":3"#, #","target_recall":0.9"#, #","exact":true"#,
          #","with_attributes":true,"score_threshold":0.4"#,
        ]
        return RequestLine.make("search", id, vector + options[id / 40 % options.count])
      }
      let alone = LiveStream(engine, threads: 1)
      for (index, line) in lines.enumerated() {
        alone.send([line])
        _ = alone.lines(index + 1)
      }
      let expected = alone.end()
      let together = LiveStream(engine, .init(isOrdered: true), threads: 2)
      together.send(lines)
      #expect(together.end() == expected)
    }
  }

  @Test func `What is late before it begins is refused, also edits, which change nothing then`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), threads: 1)
    let rows = (0..<4000).map { _ in "[1,2,3,4]" }.joined(separator: ",")
    let upsert = #""items":[{"key":"late","vector":[1,2,3,4]}]"#
    stream.send(
      (0..<8).map { RequestLine.make("search", $0, #""vectors":[\#(rows)],"k":25"#) } + [
        RequestLine.make("search", 8, #""vector":[1,2,3,4],"deadline_ms":1"#),
        RequestLine.make("items.upsert", 9, upsert + #","deadline_ms":1"#),
        RequestLine.make("items.upsert", 10, #""items":[{"key":"in time","vector":[1,2,3,4]}],"deadline_ms":60000"#),
      ])
    let answers = try stream.end().map { try Answer($0) }
    for id in [8, 9] { #expect(answers.first { $0.id == id }?.error?.data.kind == "deadline_exceeded") }
    #expect(try fixture.item("late") == nil)
    #expect(try fixture.item("in time") != nil)
  }

  /// Enough rows that four thousand vectors take much longer than the deadline.
  @Test func `A search that runs out of time answers what it has, and says which vectors were not searched`() throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 6)
    let rows = (0..<20_000).map { _ in (0..<32).map { _ in Float.random(in: -1...1, using: &generator) } }
    try fixture.run(fixture.request(rows))
    let engine = try fixture.open()
    let vectors =
      "[" + rows[..<3000].map { "[" + $0.map { "\($0)" }.joined(separator: ",") + "]" }.joined(separator: ",") + "]"
    for (method, rest) in [("search", #""k":2"#), ("match", #""score_threshold":0.99"#)] {
      // How much is done in a time depends on the machine: the time is doubled until something is.
      var (milliseconds, isPartial) = (2, false)
      while milliseconds < 20_000, !isPartial {
        let stream = LiveStream(engine, threads: 1)
        stream.send([RequestLine.make(method, 0, #""vectors":\#(vectors),"deadline_ms":\#(milliseconds),\#(rest)"#)])
        let line = stream.end()[0]
        milliseconds *= 2
        guard let results = try Answer(line).result?.results else {
          #expect(try Answer(line).error?.data.kind == "deadline_exceeded")
          continue
        }
        #expect(results.count == 3000)
        let missing = line.ranges(of: #"{"hits":[],"searched":false}"#).count
        guard missing > 0 else { break }
        isPartial = line.contains(#""partial":true"#)
        #expect(isPartial)
        let isEmpty = results.map(\.hits.isEmpty)
        #expect(isEmpty == (0..<3000).map { $0 >= 3000 - missing }, "what was searched comes first")
        if method == "match" {
          #expect(try Answer(line).result?.complete == false)
          let cursor = try Answer(line).result?.cursor
          #expect(cursor?.split(separator: ".").last.flatMap { Int($0) } == 3000 - missing, "it goes on there")
        }
      }
      #expect(isPartial, "\(method)")
    }
  }

  @Test func `Progress is told to whom asks, seldom, and never after the answer`() throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 7)
    try fixture.run(
      fixture.request((0..<6000).map { _ in (0..<48).map { _ in Float.random(in: -1...1, using: &generator) } }))
    let stream = LiveStream(try fixture.open(), threads: 1)
    let start = ContinuousClock.now
    stream.send([RequestLine.make("index.build", 0, #""progress_token":"the build""#)])
    let seconds = { (ContinuousClock.now - start) / .seconds(1) }
    while !stream.lines.contains(where: { $0.contains(#""id":0"#) }), seconds() < 60 { usleep(1000) }
    let elapsed = seconds()
    stream.send([RequestLine.make("index.build", 1)])
    let lines = stream.end()
    let notes = lines.filter { $0.contains(#""method":"progress""#) }
    #expect(!notes.isEmpty && Double(notes.count) <= elapsed * 4 + 1)
    #expect(
      notes.allSatisfy {
        $0.hasPrefix(#"{"jsonrpc":"2.0","method":"progress","params":{"token":"the build","stage":""#)
      })
    #expect(notes.allSatisfy { $0.hasSuffix(#","total":6000}}"#) })
    #expect(lines.firstIndex { $0.contains(#""id":0"#) } == notes.count, "the answer is the last")
    #expect(lines.count == notes.count + 2, "the second build asked for nothing")
  }
}
