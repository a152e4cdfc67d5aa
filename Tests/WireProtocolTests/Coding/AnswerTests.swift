import Foundation
import TestSupport
import Testing
import WireProtocol

@Suite struct AnswerTests {
  /// What a few calls write.
  private func written(_ body: (inout AnswerEncoder) -> Void) -> String {
    var encoder = AnswerEncoder()
    body(&encoder)
    return Wire.text(of: encoder)
  }

  private static func hit(
    _ encoder: inout AnswerEncoder, _ key: String, _ score: Float, member: String? = nil, work: String? = nil
  ) {
    encoder.beginHit(key: key.utf8.span, score: score)
    if let member { encoder.member(member.utf8.span) }
    if let work { encoder.work(work.utf8.span) }
    encoder.endHit()
  }

  @Test func aSearchOfOneVector() {
    let line = written { encoder in
      encoder.beginResults(.integer(1))
      encoder.beginHits()
      Self.hit(&encoder, "noto/1f600", 0.9312, member: "noto", work: "1f600")
      Self.hit(&encoder, "b", -0.0)
      encoder.endHits()
      encoder.endResults(.init(sequence: 12_094))
    }
    #expect(
      line
        == #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[{"key":"noto/1f600","score":0.9312,"member":"noto","work":"1f600"},{"key":"b","score":0}]}],"seq":12094,"exact":true}}"#
        + "\n")
  }

  @Test func severalResultsAndEveryFlag() {
    let line = written { encoder in
      encoder.beginResults(.string("a\"b"))
      for _ in 0..<2 {
        encoder.beginHits()
        encoder.endHits()
      }
      encoder.beginHits()
      encoder.beginHit(key: "k".utf8.span, score: 1)
      encoder.vector([1, -2].span)
      encoder.buffer.name("attributes")
      encoder.buffer.raw(#"{"a":[1,null]}"#)
      encoder.endHit()
      encoder.endHits()
      var closing = AnswerEncoder.Closing(sequence: 0)
      (closing.exact, closing.partial, closing.degraded) = (false, true, true)
      encoder.endResults(closing)
    }
    #expect(
      line
        == #"{"jsonrpc":"2.0","id":"a\"b","result":{"results":[{"hits":[]},{"hits":[]},{"hits":[{"key":"k","score":1.0,"vector":{"b64":"AACAPwAAAMA=","dtype":"f32le"},"attributes":{"a":[1,null]}}]}],"seq":0,"exact":false,"partial":true,"degraded":true}}"#
        + "\n")
  }

  @Test func noVectorsNoResults() {
    let line = written { encoder in
      encoder.beginResults(.integer(-5))
      encoder.endResults(.init(sequence: 9))
    }
    #expect(line == #"{"jsonrpc":"2.0","id":-5,"result":{"results":[],"seq":9,"exact":true}}"# + "\n")
  }

  @Test(arguments: [true, false])
  func aMatchSaysWhetherItIsComplete(_ isComplete: Bool) {
    let line = written { encoder in
      encoder.beginResults(.integer(2))
      encoder.beginHits()
      encoder.endHits()
      var closing = AnswerEncoder.Closing(sequence: 3)
      closing.complete = isComplete
      if !isComplete { closing.cursor = "3.10000" }
      encoder.endResults(closing)
    }
    let rest = isComplete ? #""complete":true"# : #""complete":false,"cursor":"3.10000""#
    #expect(line == #"{"jsonrpc":"2.0","id":2,"result":{"results":[{"hits":[]}],"seq":3,"exact":true,"# + rest + "}}\n")
  }

  @Test func hitsAreGatheredByWork() {
    let line = written { encoder in
      encoder.beginResults(.integer(1))
      encoder.beginGroups()
      for work in ["w1", "w2"] {
        encoder.beginGroup()
        encoder.work(work.utf8.span)
        encoder.member("m".utf8.span)
        encoder.beginGroupHits(score: 0.5, count: 7)
        Self.hit(&encoder, "a", 0.5)
        Self.hit(&encoder, "b", 0.25)
        encoder.endGroup()
      }
      encoder.endGroups()
      encoder.beginGroups()
      encoder.endGroups()
      encoder.endResults(.init(sequence: 1))
    }
    let hits = #""score":0.5,"count":7,"hits":[{"key":"a","score":0.5},{"key":"b","score":0.25}]"#
    #expect(
      line
        == #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"groups":[{"work":"w1","member":"m",\#(hits)},{"work":"w2","member":"m",\#(hits)}]},{"groups":[]}],"seq":1,"exact":true}}"#
        + "\n")
  }

  @Test func answersFollowOneAnother() {
    let lines = written { encoder in
      encoder.beginResult(.integer(1))
      encoder.buffer.beginObject()
      encoder.buffer.endObject()
      encoder.endResult()
      let length = encoder.buffer.count
      encoder.beginResults(.integer(2))
      encoder.beginHits()
      encoder.discardLine(from: length)
      encoder.error(WireError(.stale, "the cursor is of an older revision"), id: .integer(2))
      encoder.beginResult(.integer(3))
      encoder.buffer.null()
      encoder.endResult()
    }
    #expect(
      lines
        == #"{"jsonrpc":"2.0","id":1,"result":{}}"# + "\n"
        + #"{"jsonrpc":"2.0","id":2,"error":{"code":1013,"message":"the cursor is of an older revision","data":{"kind":"stale","retryable":true}}}"#
        + "\n" + #"{"jsonrpc":"2.0","id":3,"result":null}"# + "\n")
  }

  @Test func removingAllKeepsTheMemory() {
    var encoder = AnswerEncoder()
    for _ in 0..<100_000 { encoder.buffer.append(65) }
    let capacity = encoder.buffer.capacity
    encoder.removeAll()
    #expect(encoder.buffer.count == 0 && encoder.buffer.capacity == capacity)
    encoder.beginResult(.integer(1))
    encoder.buffer.bool(true)
    encoder.endResult()
    #expect(Wire.text(of: encoder) == #"{"jsonrpc":"2.0","id":1,"result":true}"# + "\n")
    encoder.buffer.withBytes { bytes in #expect(bytes.count == 39) }
  }

  @Test func anErrorShowsWhatItKnows() {
    let error = WireError(
      .conflict, "an \"id\"\nis in progress", pointer: "/id", offset: 0, limit: 64, got: "é\u{1}", id: .string("x"))
    #expect(
      written { $0.error(error, id: nil) }
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":1005,"message":"an \"id\"\nis in progress","data":{"kind":"conflict","pointer":"/id","offset":0,"limit":64,"got":"é\u0001","id":"x","retryable":false}}}"#
        + "\n")
  }

  @Test func everyKindHasItsCode() {
    let codes: [(String, Int, Bool)] = [
      ("parse_error", -32700, false), ("invalid_request", -32600, false), ("method_not_found", -32601, false),
      ("invalid_params", -32602, false), ("internal_error", -32603, false), ("cancelled", -32800, false),
      ("overloaded", 1001, true), ("deadline_exceeded", 1002, true), ("not_ready", 1003, true),
      ("not_found", 1004, false),
      ("conflict", 1005, false), ("read_only", 1006, false), ("storage_full", 1007, true), ("storage_io", 1008, false),
      ("storage_corrupt", 1009, false), ("resource_exhausted", 1010, true), ("too_large", 1011, false),
      ("unsupported_version", 1012, false), ("stale", 1013, true), ("shutting_down", 1014, false),
    ]
    #expect(WireError.Kind.allCases.map(\.rawValue) == codes.map(\.0))
    #expect(WireError.Kind.allCases.map(\.code) == codes.map(\.1))
    #expect(WireError.Kind.allCases.map(\.isRetryable) == codes.map(\.2))
  }

  /// Answers are read by another parser than ours: every line, whatever is in it, is one JSON object.
  @Test func everyLineIsJSON() throws {
    var random = SeededGenerator(seed: 4)
    for round in 0..<300 {
      var text: String {
        String(
          String.UnicodeScalarView(
            (0..<Int.random(in: 0...20, using: &random)).map { _ in
              Unicode.Scalar(UInt32.random(in: 0..<0x500, using: &random)) ?? "x"
            }))
      }
      var keys: [String] = []
      var scores: [Float] = []
      let line = written { encoder in
        encoder.beginResults(.string(text + "x"))
        encoder.beginHits()
        for _ in 0..<Int.random(in: 0...5, using: &random) {
          keys.append(text)
          scores.append(Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random)))
          Self.hit(
            &encoder, keys[keys.count - 1], scores[scores.count - 1], member: text, work: round % 2 == 0 ? text : nil)
        }
        encoder.endHits()
        encoder.endResults(.init(sequence: Int64(round)))
      }
      #expect(line.utf8.filter { $0 == 10 }.count == 1)
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let result = try #require(object["result"] as? [String: Any])
      let entry = try #require((result["results"] as? [[String: Any]])?.first)
      let hits = try #require(entry["hits"] as? [[String: Any]])
      #expect(
        hits.compactMap { ($0["key"] as? String)?.unicodeScalars.map(\.value) }
          == keys.map { $0.unicodeScalars.map(\.value) })
      #expect(hits.compactMap { ($0["score"] as? NSNumber).map { Float($0.doubleValue) } } == scores)
    }
  }
}
