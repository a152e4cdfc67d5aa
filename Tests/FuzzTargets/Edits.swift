/// Numbers to be put into a sound file: six bytes each, two or three for the place and the rest for the number.
enum Edits {
  /// Numbers that arithmetic without care stumbles over.
  private static let awkward: [UInt64] = [
    0, 1, 63, 4095, 4096, 1 << 20, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max, .max - 4095, UInt64(UInt32.max), 7, 8, 255,
  ]

  /// Applies the edits of an input.
  ///
  /// - Parameters:
  ///   - input: Six bytes an edit; what is left over is ignored.
  ///   - bytes: The file.
  ///   - places: Ranges that can be edited, one of which the first byte of an edit chooses.
  static func apply(_ input: [UInt8], to bytes: inout [UInt8], in places: [Range<Int>]) {
    for start in stride(from: 0, to: min(input.count, 192) - 5, by: 6) {
      let edit = input[start..<start + 6]
      let place = places[Int(edit[start]) % places.count]
      guard !place.isEmpty else { continue }
      let at = place.lowerBound + (Int(edit[start + 1]) << 8 | Int(edit[start + 2])) % place.count
      let kind = edit[start + 3]
      let value =
        kind & 1 == 0
        ? awkward[Int(edit[start + 4]) % awkward.count] : UInt64(edit[start + 4]) | UInt64(edit[start + 5]) << 8
      for byte in 0..<[1, 2, 4, 8][Int(kind >> 1) & 3] where at + byte < place.upperBound {
        bytes[at + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
      }
    }
  }
}

extension [UInt8] {
  /// A number as it lies in a file.
  func number(at offset: Int, bytes length: Int) -> UInt64 {
    (0..<length).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }

  /// Puts a number where it lies in a file.
  mutating func store(_ value: UInt32, at offset: Int) {
    for byte in 0..<4 { self[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
  }
}
