import Foundation

/// Request lines as callers write them, and hits as catalogues have them.
enum Samples {
  /// A unit vector, the same in every run.
  private static let numbers: [Float] = {
    var state: UInt64 = 0x5EED
    let raw = (0..<512).map { _ -> Float in
      (0..<4).reduce(0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Float(state >> 40) / Float(1 << 23) - 1
      }
    }
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return raw.map { $0 / norm }
  }()

  private static func line(_ vector: String) -> [UInt8] {
    Array(#"{"jsonrpc": "2.0", "id": 12345, "method": "search", "params": {"vector": \#(vector), "k": 10}}"#.utf8)
  }

  private static func packed<Number>(_ numbers: [Number], _ type: String) -> [UInt8] {
    line(#"{"b64": "\#(numbers.withUnsafeBytes { Data($0) }.base64EncodedString())", "dtype": "\#(type)"}"#)
  }

  /// Doubles, as Python's json.dumps prints a list of 32-bit floats.
  static let doubles = line("[" + numbers.map { Double($0).description }.joined(separator: ", ") + "]")

  /// The fewest digits that a 32-bit float needs, as most other languages print it.
  static let floats = line("[" + numbers.map(\.description).joined(separator: ",") + "]")

  /// Rounded, as people do who want short lines.
  static let rounded = line("[" + numbers.map { String(format: "%.4f", $0) }.joined(separator: ",") + "]")

  /// Single precision, packed.
  static let singles = packed(numbers, "f32le")

  /// Half precision, packed.
  static let halves = packed(numbers.map { Float16($0) }, "f16le")

  /// Texts of ten hits behind one another, as a catalogue keeps them.
  struct Hits {
    var text: [UInt8] = []
    var keys: [Range<Int>] = []
    var works: [Range<Int>] = []
    let member: Range<Int>
    var scores: [Float] = []

    init() {
      text += Array("noto".utf8)
      member = 0..<text.count
      for index in 0..<10 {
        works.append(add("1f60\(index)"))
        keys.append(add("noto/1f60\(index)-face"))
        scores.append(0.987654321 / Float(index + 1))
      }
    }

    private mutating func add(_ word: String) -> Range<Int> {
      let start = text.count
      text += Array(word.utf8)
      return start..<text.count
    }
  }
}
