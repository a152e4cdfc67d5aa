import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// The pipe's twin in memory: whatever pieces a stream comes in, the answers are the same.
@Suite struct ConversationTests {
  private func expected(_ transcript: Transcript) -> [String] { transcript.exchanges.flatMap(\.answers).sorted() }

  @Test func `A stream cut at any byte gives the same answers`() throws {
    let engine = try Fixture.sample().open()
    let transcript = try Transcript("cuts")
    let bytes = try transcript.exchanges.flatMap { try $0.bytes }
    let answers = expected(transcript)
    for cut in 0...bytes.count {
      #expect(MemoryPipe.answers(engine, [bytes[..<cut], bytes[cut...]]).sorted() == answers, "cut at \(cut)")
    }
  }

  @Test(arguments: [1, 2, 3, 7, 64, 4096])
  func `A stream in equal pieces gives the same answers`(_ size: Int) throws {
    let engine = try Fixture.sample().open()
    for name in ["cuts", "match", "parameters"] {
      let exchanges = try Transcript(name).exchanges
      let bytes = try exchanges.flatMap { try $0.bytes }
      let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
      let whole = MemoryPipe.answers(engine, [bytes[...]])
      #expect(MemoryPipe.answers(engine, pieces).sorted() == whole.sorted(), "\(name)")
    }
  }

  @Test func `Pieces of random lengths give the same answers`() throws {
    let engine = try Fixture.sample().open()
    let transcript = try Transcript("cuts")
    let bytes = try transcript.exchanges.flatMap { try $0.bytes }
    let seed: UInt64 = 11
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var pieces: [ArraySlice<UInt8>] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let length = min(rest.count, Int.random(in: 0...40, using: &generator))
        pieces.append(rest.prefix(length))
        rest = rest.dropFirst(length)
      }
      #expect(MemoryPipe.answers(engine, pieces).sorted() == expected(transcript), "seed \(seed)")
    }
  }

  @Test func `What follows the last line end is no request`() throws {
    let engine = try Fixture.sample().open()
    let line = Array(RequestLine.make("items.count", 1).utf8)
    #expect(MemoryPipe.answers(engine, [line[...]]) == [])
    #expect(MemoryPipe.answers(engine, [(line + [10])[...]]).count == 1)
  }

  @Test func `Requests that wait for one another keep their own vectors`() throws {
    let engine = try Fixture.sample().open()
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    func search(_ id: Int) -> String {
      RequestLine.make("search", id, RequestLine.vector(queries[id % 450]) + #","k":3"#)
    }
    var lines = (0..<4).map { RequestLine.make("engine.sync", 1000 + $0) }
    lines += (0..<50).map(search)
    lines += [RequestLine.make("engine.sync", 2000)]
    lines += (50..<100).map(search)
    let together = MemoryPipe.answers(engine, [bytes(lines)[...]])
    let alone = (0..<100).flatMap { MemoryPipe.answers(engine, [bytes([search($0)])[...]]) }
    #expect(Set(together).isSuperset(of: alone))
    #expect(together.count == 105)
  }

  @Test func `A barrier is answered after everything before it`() throws {
    let engine = try Fixture.sample().open()
    let lines =
      (0..<20).map { RequestLine.make("items.count", $0) } + [RequestLine.make("engine.sync", 20)]
      + (21..<30).map { RequestLine.make("items.count", $0) }
    let ids = try MemoryPipe.answers(engine, [bytes(lines)[...]]).map { try Answer($0).id }
    #expect(Set(ids[..<20]) == Set(0..<20))
    #expect(ids[20] == 20)
    #expect(ids.count == 30)
  }

  @Test func `Nothing is read after shutdown, which is answered last`() throws {
    let engine = try Fixture.sample().open()
    let lines = [
      RequestLine.make("items.count", 1), RequestLine.make("engine.shutdown", 2), RequestLine.make("items.count", 3),
    ]
    #expect(try MemoryPipe.answers(engine, [bytes(lines)[...]]).map { try Answer($0).id } == [1, 2])
  }

  @Test func `A refused shutdown shuts nothing down`() throws {
    let engine = try Fixture.sample().open()
    let lines = [
      RequestLine.make("items.count", 1), RequestLine.make("engine.shutdown", 1), RequestLine.make("items.count", 3),
    ]
    #expect(try MemoryPipe.answers(engine, [bytes(lines)[...]]).map { try Answer($0).id } == [nil, 1, 3])
  }

  @Test func `Every id that comes while it is live is refused, and the first still has its answer`() throws {
    let engine = try Fixture.small().open()
    for start in stride(from: 0, to: 100_000, by: 1_000) {
      let ids = start..<start + 1_000
      let lines = ids.flatMap {
        [RequestLine.make("items.count", $0), RequestLine.make("items.get", $0, #""keys":[]"#)]
      }
      let answers = MemoryPipe.answers(engine, [bytes(lines)[...]])
      let expected =
        ids.map { #"{"jsonrpc":"2.0","id":\#($0),"result":{"count":40,"seq":1}}"# }
        + ids.map {
          #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a request with this id is still in progress; "#
            + #"every id in progress must be unique","data":{"kind":"invalid_request","pointer":"/id","id":\#($0),"#
            + #""retryable":false}}}"#
        }
      #expect(answers.sorted() == expected.sorted(), "ids from \(start) on")
    }
  }

  @Test func `Requests that have not begun are answered when the engine is told to stop`() throws {
    let engine = try Fixture.sample().open()
    let lines = (0..<5).map { RequestLine.make("items.count", $0) }
    let answers = MemoryPipe.answers(engine, [bytes(lines)[...]], isCancelled: true)
    #expect(try answers.map { try Answer($0).id } == [0, 1, 2, 3, 4])
    #expect(
      answers[0]
        == #"{"jsonrpc":"2.0","id":0,"error":{"code":1014,"message":"the engine was told to stop before this request "#
        + #"began","data":{"kind":"shutting_down","retryable":false}}}"#)
  }

  @Test func `A line that is too long is refused, and the next is answered`() throws {
    let engine = try Fixture.sample().open()
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: (16 << 20) + 1)
    let answers = MemoryPipe.answers(
      engine, [long[...], (long + [10])[...], bytes([RequestLine.make("items.count", 1)])[...]])
    #expect(answers.count == 2)
    #expect(try Answer(answers[0]).error?.data.kind == "too_large")
    #expect(answers[0].contains(#""got":"33554434 bytes""#))
    #expect(try Answer(answers[1]).result?.count == 1785)
  }

  private func bytes(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [10] } }
}
