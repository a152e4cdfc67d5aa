import Foundation
import TestSupport
import Testing

/// A million ids, each of them another one: none is remembered once it is answered.
@Suite(.serialized) struct ManyIDsTests {
  private static let chunk = 20_000
  /// Where memory is taken for the first time: buffers have their size by then.
  private static let early = 100_000
  private static let all = 1_000_000

  /// Integers, short texts and texts of the longest kind in turn.
  private static func id(_ number: Int) -> String {
    switch number % 3 {
    case 0: "\(number)"
    case 1: "\"\(number)\""
    default: "\"\(String(repeating: "x", count: 119))\(100_000_000 + number)\""
    }
  }

  @Test(.timeLimit(.minutes(60)), arguments: [[], ["--ordered"]])
  func `A million ids leave nothing behind`(_ options: [String]) throws {
    let sample = try SampleCatalogue()
    let process = try EngineProcess(["serve", sample.path] + options)
    var memory: [Int: Int] = [:]
    for start in stride(from: 0, to: Self.all, by: Self.chunk) {
      let ids = (start..<start + Self.chunk).map(Self.id)
      // Every tenth is refused: an id that ended in an error is forgotten, too.
      let lines = ids.enumerated().map { place, id in
        #"{"jsonrpc":"2.0","id":\#(id),"method":"items.count"\#(place % 10 == 9 ? #","params":{"x":1}"# : "")}"#
      }
      let answers = try process.exchange(lines)
      let expected = ids.enumerated().map { place, id in
        #"{"jsonrpc":"2.0","id":\#(id),"\#(place % 10 == 9 ? "error" : "result")""#
      }
      let found = answers.map(Self.beginning)
      #expect(found.count == ids.count)
      #expect(options.isEmpty ? Set(found) == Set(expected) : found == expected, "ids from \(start) on")
      memory[start + Self.chunk] = process.memory("VmRSS")
    }
    guard let early = memory[Self.early], let late = memory[Self.all] else { return }
    #expect(late - early < 2 << 20, "\(late - early) bytes more after \(Self.all) ids than after \(Self.early)")
  }

  /// An answer up to the name of what it brings.
  private static func beginning(_ answer: String) -> String {
    for name in [#","result""#, #","error""#] {
      if let range = answer.range(of: name) { return String(answer[..<range.upperBound]) }
    }
    return answer
  }
}
