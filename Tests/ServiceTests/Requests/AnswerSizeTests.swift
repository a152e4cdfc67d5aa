import Foundation
import Service
import TestSupport
import Testing
import VectorIndex
import WireProtocol

/// An answer is bounded, whatever is asked for.
@Suite struct AnswerSizeTests {
  private static let limit = 20_000

  private static func answers(_ engine: Engine, _ lines: [String], limit: Int = limit) throws -> [String] {
    var limits = Limits()
    limits.answerBytes = limit
    let handler = RequestHandler(engine: engine, isReadOnly: false, limits: limits)
    defer { handler.editor.close() }
    return MemoryPipe.answers(handler, [Array(lines.joined(separator: "\n").utf8 + [10])[...]])
  }

  /// Eight vectors of 512 numbers, each 2,732 bytes of base64.
  private static func filled() throws -> (Fixture, [String]) {
    let fixture = try Fixture()
    let rows = (0..<8).map { row in (0..<512).map { Float($0 % (row + 2)) + 0.5 } }
    let text = String(repeating: "x", count: 4000)
    try fixture.run(
      fixture.request(rows, metadata: (0..<8).map { #"{"key":"\#($0)","member":"m","note":"\#(text)"}"# }))
    return (fixture, rows.map { "[" + $0.map { "\($0)" }.joined(separator: ",") + "]" })
  }

  @Test func `Vectors that would not fit are refused before they are written, and fewer are answered`() throws {
    let (fixture, vectors) = try Self.filled()
    let engine = try fixture.open()
    let keys = { (count: Int) in (0..<count).map { "\"\($0)\"" }.joined(separator: ",") }
    let vector = #""vector":\#(vectors[0]),"with_vectors":"f32le""#
    let questions: [(method: String, few: String, many: String, fewer: String)] = [
      ("items.get", #""keys":[\#(keys(7))],"#, #""keys":[\#(keys(8))],"#, "keys"),
      ("items.scroll", #""limit":7,"#, #""limit":8,"#, "items (limit)"),
    ]
    for (method, few, many, fewer) in questions {
      let rest = #""with_vectors":"f32le","with_attributes":false"#
      let answers = try Self.answers(
        engine, [RequestLine.make(method, 1, few + rest), RequestLine.make(method, 2, many + rest)])
      #expect(answers.count == 2 && answers.allSatisfy { $0.utf8.count <= Self.limit })
      #expect(answers.contains { $0.components(separatedBy: #""b64""#).count == 8 })
      let refusal = try #require(answers.first { $0.contains(#""id":2"#) })
      #expect(refusal.contains(#""kind":"too_large","pointer":"/params/with_vectors","limit":20000"#), "\(refusal)")
      #expect(refusal.contains("ask for fewer \(fewer), at most 7 at a time, or leave with_vectors out"))
    }
    for method in ["search", "match"] {
      let how = method == "match" ? #","score_threshold":-1,"limit""# : #","k""#
      for group in ["", #","group_by":"work","group_size":1"#] {
        let answers = try Self.answers(
          engine,
          [
            RequestLine.make(method, 1, vector + group + how + ":6"),
            RequestLine.make(method, 2, vector + group + how + ":8"),
          ])
        #expect(
          answers.contains { $0.contains(#""id":1,"result""#) && $0.components(separatedBy: #""b64""#).count == 7 })
        #expect(
          answers.contains {
            $0.contains(#""id":2"#) && $0.contains(#""kind":"too_large""#) && $0.contains("fewer hits")
          })
        #expect(answers.allSatisfy { $0.utf8.count <= Self.limit })
      }
    }
  }

  @Test func `What is known of items counts too`() throws {
    let (fixture, vectors) = try Self.filled()
    let engine = try fixture.open()
    let keys = (0..<8).map { "\"\($0)\"" }.joined(separator: ",")
    let more = #""with_attributes":true"#
    let lines = [
      RequestLine.make("items.get", 1, #""keys":[\#(keys)]"#), RequestLine.make("items.scroll", 2),
      RequestLine.make("search", 3, #""vector":\#(vectors[0]),"k":8,"# + more),
      RequestLine.make("match", 4, #""vector":\#(vectors[0]),"score_threshold":-1,"# + more),
      RequestLine.make("search", 5, #""vector":\#(vectors[0]),"k":3,"# + more),
      RequestLine.make("items.scroll", 6, #""limit":4"#),
    ]
    let answers = try Self.answers(engine, lines)
    #expect(answers.count == 6 && answers.allSatisfy { $0.utf8.count <= Self.limit })
    for id in 1...4 {
      #expect(
        answers.contains {
          $0.contains(#""id":\#(id),"error""#) && $0.contains(#""kind":"too_large","pointer":"/params","limit":20000"#)
        })
    }
    for id in 5...6 { #expect(answers.contains { $0.contains(#""id":\#(id),"result""#) }) }
  }

  /// Any legal request at a limit that is small: no answer is longer, and none is cut.
  @Test(arguments: 1...6)
  func `No answer is longer than the limit`(_ seed: UInt64) throws {
    let (fixture, vectors) = try Self.filled()
    let engine = try fixture.open()
    var generator = SeededGenerator(seed: seed)
    var lines: [String] = []
    for id in 0..<60 {
      let limit = Int.random(in: 1...8, using: &generator)
      var members = [#""with_attributes":\#(Bool.random(using: &generator))"#]
      if Bool.random(using: &generator) { members.append(#""with_vectors":"f32le""#) }
      let method = ["items.get", "items.scroll", "search", "match"].randomElement(using: &generator) ?? "search"
      switch method {
      case "items.get": members.append(#""keys":[\#((0..<limit).map { "\"\($0)\"" }.joined(separator: ","))]"#)
      case "items.scroll": members.append(#""limit":\#(limit)"#)
      case "search": members += [#""k":\#(limit)"#, #""vectors":[\#(vectors.prefix(2).joined(separator: ","))]"#]
      default: members += [#""limit":\#(limit)"#, #""vector":\#(vectors[limit - 1])"#, #""score_threshold":0.1"#]
      }
      lines.append(RequestLine.make(method, id, members.joined(separator: ",")))
    }
    let bound = Int.random(in: 1500...40_000, using: &generator)
    let answers = try Self.answers(engine, lines, limit: bound)
    #expect(answers.count == 60)
    for answer in answers {
      #expect(answer.utf8.count <= bound + 400, "an error may be longer than a limit that is too small for it")
      #expect((try? JSONSerialization.jsonObject(with: Data(answer.utf8))) != nil)
    }
    #expect(answers.contains { $0.contains("too_large") } && answers.contains { $0.contains(#""result""#) })
  }
}
