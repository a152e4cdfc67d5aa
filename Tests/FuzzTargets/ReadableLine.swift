/// What every reader of answers relies on, found out the plain way: no character that ends a line for some, no number that some cannot keep.
enum ReadableLine {
  /// What a reader would stumble over in a line of JSON; nil for nothing.
  static func objection(to line: [UInt8]) -> String? {
    let text = String(decoding: line, as: UTF8.self)
    if let scalar = text.unicodeScalars.first(where: { ends.contains($0) }) {
      return "U+\(String(scalar.value, radix: 16))"
    }
    return numbers(outsideStringsOf: line).first { !isKept($0) }.map { "the number \($0.prefix(40))" }
  }

  /// Where Python's `splitlines` cuts.
  private static let ends: Set<Unicode.Scalar> = [
    "\n", "\r", "\u{0B}", "\u{0C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
  ]

  private static func numbers(outsideStringsOf line: [UInt8]) -> [String] {
    var (outside, isInside, isEscaped): ([UInt8], Bool, Bool) = ([], false, false)
    for byte in line {
      if isInside {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInside = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isInside = true
        outside.append(UInt8(ascii: " "))
      } else {
        outside.append(byte)
      }
    }
    return outside.split { !"+-.eE0123456789".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.utf8.contains { (48...57).contains($0) } }
  }

  private static func isKept(_ number: String) -> Bool {
    number.utf8.contains { [46, 69, 101].contains($0) } ? Double(number)?.isFinite ?? false : Int64(number) != nil
  }
}
