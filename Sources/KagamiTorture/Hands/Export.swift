import Foundation

/// What `kagami export` wrote, read back.
struct Export {
  /// The items of two files; nil where they are not what they must be.
  static func items(vectors: String, metadata: String, dimension: Int) -> [Answer.Item]? {
    struct Line: Decodable {
      var key: String
      var member: String?
      var label: Int?
    }
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: vectors)), bytes.count > 10,
      let text = try? String(contentsOfFile: metadata, encoding: .utf8)
    else { return nil }
    let lines = text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    guard bytes.count == start + lines.count * dimension * 2 else { return nil }
    return lines.enumerated().map { row, line in
      let numbers = (0..<dimension).map { place in
        let at = start + (row * dimension + place) * 2
        return half(UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
      }
      return Answer.Item(
        key: line.key, member: line.member, vector: Answer.Packed(numbers),
        attributes: line.label.map { Answer.Attributes(label: $0) })
    }
  }

  /// Whole numbers below 2,048 as the bytes of a row.
  static func halves(_ numbers: [Float]) -> Data {
    var bytes = Data()
    for number in numbers {
      let exponent = Int(number.exponent)
      let bits = UInt16((exponent + 15) << 10) | UInt16((number.significand - 1) * 1024)
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    return bytes
  }

  /// A number of half precision that is whole or subnormal nowhere: the vectors of the model are.
  private static func half(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    guard exponent > 0 else { return 0 }
    let size = (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    return bits >> 15 == 1 ? -size : size
  }
}

extension Answer.Packed {
  /// Packs numbers as an engine does.
  init(_ numbers: [Float]) {
    var bytes: [UInt8] = []
    for number in numbers {
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(shift)))
      }
    }
    b64 = Data(bytes).base64EncodedString()
  }
}
