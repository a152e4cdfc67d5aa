import Foundation
import WireProtocol

/// The input is the text.
enum JSONFuzzing {
  static func run(_ input: [UInt8]) throws {
    let refusal = refusal(input)
    let isJSON = PlainJSON.accepts(input)
    try FuzzFinding.require(
      (refusal == nil) == isJSON, "the scanner says \(refusal?.message ?? "nothing"), JSON: \(isJSON)")
    if let offset = refusal?.offset { try FuzzFinding.require((0...input.count).contains(offset), "offset \(offset)") }
    guard refusal == nil, !hasHugeNumber(input) else { return }
    // Foundation takes more than RFC 8259 allows, so that only one direction can be compared.
    let parsed = try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    try FuzzFinding.require(parsed != nil, "Foundation refuses what the scanner takes")
  }

  static func refusal(_ text: [UInt8]) -> WireError? {
    var scanner = JSONScanner()
    do throws(WireError) {
      try scanner.read(text.span) { (scanner) throws(WireError) in
        try scanner.skipValue()
        try scanner.expectEnd()
      }
      return nil
    } catch {
      return error
    }
  }

  /// Numbers that no double holds are none to Foundation.
  private static func hasHugeNumber(_ text: [UInt8]) -> Bool {
    text.split(whereSeparator: { !"+-.eE0123456789".utf8.contains($0) }).contains { word in
      Double(String(decoding: word, as: UTF8.self)).map { !$0.isFinite } ?? false
    }
  }
}
