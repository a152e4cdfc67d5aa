import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// Reads see every edit before them on their stream and none after them, whoever works on them and in whatever order they are answered.
@Suite struct StreamOrderTests {
  /// A stream of edits and reads.
  private func stream(_ seed: UInt64, count: Int) -> [String] {
    var generator = SeededGenerator(seed: seed)
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
    func vector() -> String {
      "[" + (0..<4).map { _ in "\(Float.random(in: -1...1, using: &generator))" }.joined(separator: ",") + "]"
    }
    return (0..<count).map { id in
      let key = "k\(number(0..<12))"
      switch number(0..<13) {
      case 0, 1:
        return RequestLine.make(
          "items.upsert", id, #""items":[{"key":"\#(key)","vector":\#(vector()),"member":"m\#(number(0..<4))"}]"#)
      case 2: return RequestLine.make("items.remove", id, #""keys":["\#(key)"]"#)
      case 3: return RequestLine.make("members.put", id, #""member":"n\#(number(0..<5))","name":"N\#(id)""#)
      case 4:
        return RequestLine.make(
          "items.remove", id, #""filter":{"must":{"key":"member","match":{"value":"m\#(number(0..<4))"}}}"#)
      case 5: return RequestLine.make("members.list", id)
      case 6: return RequestLine.make("items.get", id, #""keys":["\#(key)"],"with_vectors":"f32le""#)
      case 7: return RequestLine.make("items.count", id, #""filter":{"must":{"key":"member","match":{"value":"m1"}}}"#)
      case 8: return RequestLine.make("match", id, #""vector":\#(vector()),"score_threshold":0.2"#)
      case 9: return RequestLine.make("search", id, #""vector":\#(vector()),"k":2,"with_attributes":true"#)
      case 10: return RequestLine.make("engine.sync", id)
      default: return RequestLine.make("search", id, #""vector":\#(vector()),"k":4"#)
      }
    }
  }

  /// An answer without what depends on which edits shared a transaction, and on the clock.
  private func essence(_ line: String) -> String {
    line.replacing(/"(time|joined_at)":"[^"]*"/, with: "").replacing(/"seq":\d+/, with: "")
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `Pipelined, ordered or not, with one thread or more, the answers are those of one request at a time`(
    _ seed: UInt64
  ) throws {
    let lines = stream(seed, count: 150)
    let alone = try Fixture.small()
    let one = LiveStream(try alone.open(), threads: 1)
    for (index, line) in lines.enumerated() {
      one.send([line])
      #expect(one.lines(index + 1).count == index + 1)
    }
    let expected = one.end().map(essence)
    for threads in [1, 4] {
      for isOrdered in [false, true] {
        let fixture = try Fixture.small()
        let stream = LiveStream(try fixture.open(), .init(isOrdered: isOrdered), threads: threads)
        stream.send(lines)
        let answers = stream.end().map(essence)
        if isOrdered {
          #expect(answers == expected, "seed \(seed), \(threads) threads")
        } else {
          #expect(answers.sorted() == expected.sorted(), "seed \(seed), \(threads) threads")
        }
      }
    }
  }

  @Test func `Ordered answers come in the order of the lines, whatever the lines are`() throws {
    let fixture = try Fixture.small()
    let stream = LiveStream(try fixture.open(), .init(isOrdered: true), threads: 4)
    let rows = (0..<2000).map { _ in "[1,2,3,4]" }.joined(separator: ",")
    stream.send([
      RequestLine.make("search", 0, #""vectors":[\#(rows)],"k":20"#), "no JSON", RequestLine.make("engine.health", 1),
      RequestLine.make("no such method", 2), RequestLine.make("items.count", 3), RequestLine.make("items.count", 0),
      RequestLine.make("engine.cancel", 4, #""ids":[99]"#), "", RequestLine.make("engine.sync", 5),
    ])
    let answers = try stream.end().map { try Answer($0) }
    // A duplicate is answered without an id; so is what is no JSON.
    #expect(answers.map(\.id) == [0, nil, 1, 2, 3, nil, 4, 5])
  }
}
