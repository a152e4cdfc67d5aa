import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// Cancelled before, during, after, twice: every request gets exactly one answer, and what is cancelled leaves nothing behind.
@Suite struct CancellationTests {
  private func cancel(_ id: Int, _ ids: [Int]) -> String {
    RequestLine.make("engine.cancel", id, #""ids":\#(ids)"#)
  }

  /// A request that takes long unless somebody ends it.
  private func long(_ id: Int) throws -> String {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    return RequestLine.make(
      "search", id, RequestLine.vectors(queries.numbers[...], dimension: 256) + #","k":200,"exact":true"#)
  }

  @Test func `What waits is answered at once, and what runs ends`() throws {
    let engine = try Fixture.sample().open()
    let stream = LiveStream(engine, threads: 1)
    stream.send([try long(0)])
    usleep(2000)
    stream.send([RequestLine.make("items.count", 1), RequestLine.make("engine.sync", 2), cancel(3, [1, 2, 0, 77, 1])])
    let answers = try stream.end()
    #expect(answers.count == 4)
    for id in [1, 2] {
      #expect(
        answers.contains(
          #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32800,"message":"the request was cancelled; nothing has changed","#
            + #""data":{"kind":"cancelled","retryable":false}}}"#))
    }
    #expect(answers.contains(#"{"jsonrpc":"2.0","id":3,"result":{"cancelled":3,"not_in_progress":[77]}}"#))
    let first = try Answer(answers.first { try Answer($0).id == 0 } ?? "")
    #expect(first.error?.data.kind == "cancelled" || first.result != nil, "it may have been done already")
  }

  @Test func `A running match ends between blocks of rows`() throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 5)
    let rows = (0..<60_000).map { _ in (0..<64).map { _ in Float.random(in: -1...1, using: &generator) } }
    try fixture.run(fixture.request(rows))
    let stream = LiveStream(try fixture.open(), threads: 1)
    let vectors =
      "[" + rows[..<800].map { "[" + $0.map { "\($0)" }.joined(separator: ",") + "]" }.joined(separator: ",") + "]"
    let request = #""vectors":\#(vectors),"score_threshold":0.999"#
    let start = ContinuousClock.now
    stream.send([RequestLine.make("match", 0, request)])
    _ = stream.lines(1)
    let whole = ContinuousClock.now - start
    stream.send([RequestLine.make("match", 1, request)])
    let asked = ContinuousClock.now
    stream.send([cancel(2, [1])])
    _ = stream.lines(3)
    let cancelled = ContinuousClock.now - asked
    let kinds = try stream.end().compactMap { try Answer($0).error?.data.kind }
    #expect(kinds == ["cancelled"])
    #expect(cancelled < whole / 2, "\(cancelled) of \(whole)")
  }

  @Test func `All that is in progress can be cancelled, also what waits for what`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), threads: 1)
    let upsert = (0..<20).map { id in
      RequestLine.make("items.upsert", id, #""items":[{"key":"new/\#(id)","vector":[1,2,3,4]}]"#)
    }
    stream.send(
      upsert + [
        RequestLine.make("items.count", 20), RequestLine.make("engine.sync", 21),
        RequestLine.make("engine.cancel", 22, #""all":true"#),
      ])
    stream.send([RequestLine.make("items.get", 23, #""keys":\#((0..<20).map { "new/\($0)" })"#)])
    let answers = try stream.end()
    #expect(Set(try answers.compactMap { try Answer($0).id }) == Set(0...23))
    #expect(answers.count == 24)
    let found = answers.first { $0.contains(#""id":23,"#) } ?? ""
    for id in 0..<20 {
      let isDone = try answers.contains { try Answer($0).id == id && $0.contains("upserted") }
      #expect(found.contains(#""new/\#(id)""#) == isDone, "\(id)")
    }
  }

  @Test func `A cancelled build of the index changes nothing`() throws {
    let fixture = try Fixture.sample()
    let engine = try fixture.open()
    let stream = LiveStream(engine, threads: 1)
    stream.send([RequestLine.make("index.build", 0, #""progress_token":"b""#), cancel(1, [0])])
    let answers = stream.end().filter { !$0.contains(#""method":"progress""#) }
    #expect(answers.count == 2)
    let build = try Answer(answers.first { $0.contains(#""id":0,"#) } ?? "")
    #expect(build.error?.data.kind == "cancelled")
    #expect(engine.snapshotNumber == nil)
  }

  /// P12: random requests and cancellations, in random pieces, with several workers.
  @Test(arguments: 1...12)
  func `Any schedule of requests and cancellations gives one answer each`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let fixture = try Fixture.small()
    let isOrdered = Bool.random(using: &generator)
    let stream = LiveStream(
      try fixture.open(), .init(isOrdered: isOrdered), threads: Int.random(in: 1...4, using: &generator))
    var (upserts, named): (Set<Int>, Set<Int>) = ([], [])
    var all = false
    let rows = (0..<3000).map { _ in "[1,2,3,4]" }.joined(separator: ",")
    var piece: [String] = []
    for id in 0..<300 {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0, 1:
        upserts.insert(id)
        piece.append(RequestLine.make("items.upsert", id, #""items":[{"key":"new/\#(id)","vector":[1,2,3,\#(id)]}]"#))
      case 2: piece.append(RequestLine.make("search", id, #""vectors":[\#(rows)],"k":30"#))
      case 3: piece.append(RequestLine.make("engine.sync", id))
      case 4 where id % 5 == 0: piece.append(RequestLine.make("index.build", id))
      case 5, 6, 7:
        let ids = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          Int.random(in: max(0, id - 20)...id + 2, using: &generator)
        }
        named.formUnion(ids)
        piece.append(cancel(id, ids))
      case 8 where id % 7 == 0:
        all = true
        piece.append(RequestLine.make("engine.cancel", id, #""all":true"#))
      default: piece.append(RequestLine.make("search", id, #""vector":[1,2,3,\#(id)],"k":3"#))
      }
      guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
      stream.send(piece)
      piece = []
      usleep(UInt32.random(in: 0...800, using: &generator))
    }
    stream.send(piece)
    let lines = stream.end()
    let answers = try lines.map { try Answer($0) }
    #expect(answers.compactMap(\.id).sorted() == Array(0..<300), "seed \(seed)")
    for answer in answers {
      guard let id = answer.id, let kind = answer.error?.data.kind, kind != "conflict" else { continue }
      #expect(kind == "cancelled" && (all || named.contains(id)), "seed \(seed): \(id) is \(kind)")
    }
    // What was cancelled is not there, and what was answered is.
    let done = Set(zip(answers, lines).filter { $1.contains("upserted") }.compactMap(\.0.id))
    for id in upserts { #expect(try (fixture.item("new/\(id)") != nil) == done.contains(id), "seed \(seed): \(id)") }
  }

  @Test func `Told to stop, it answers everything, and finishes edits that had begun`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), threads: 2)
    stream.send(
      (0..<30).map { id in
        id % 3 == 0
          ? RequestLine.make("items.upsert", id, #""items":[{"key":"new/\#(id)","vector":[1,2,3,4]}]"#)
          : RequestLine.make("items.count", id)
      })
    stream.stop()
    let lines = stream.end()
    let answers = try lines.map { try Answer($0) }
    #expect(answers.compactMap(\.id).sorted() == Array(0..<30))
    for answer in answers where answer.result == nil { #expect(answer.error?.data.kind == "shutting_down") }
    for (answer, line) in zip(answers, lines) {
      guard let id = answer.id, id % 3 == 0 else { continue }
      #expect(try (fixture.item("new/\(id)") != nil) == line.contains("upserted"))
    }
  }
}
