extension AnswerReader {
  /// A text, if nothing in it is escaped.
  mutating func string() -> String? {
    plainText().map { String(decoding: $0, as: UTF8.self) }
  }

  /// A truth value.
  mutating func bool() -> Bool? {
    switch plainWord() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// A whole number of at most eighteen digits.
  mutating func integer() -> Int? {
    let word = plainWord()
    let isNegative = word.first == UInt8(ascii: "-")
    let digits = isNegative ? word.dropFirst() : word
    guard (1...18).contains(digits.count) else { return nil }
    var value = 0
    for byte in digits {
      guard let digit = Self.digit(byte) else { return nil }
      value = value * 10 + digit
    }
    return isNegative ? -value : value
  }

  /// A number, rounded to the nearest float.
  mutating func float() -> Float? {
    let word = plainWord()
    let isNegative = word.first == UInt8(ascii: "-")
    let digits = isNegative ? word.dropFirst() : word
    guard let magnitude = Self.shortDecimal(digits) ?? Self.anyDecimal(digits) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// The float that a short decimal without sign and exponent means.
  ///
  /// Up to fifteen digits and their power of ten are exact as a double, so one division rounds once (Clinger 1990). Rounding
  /// the quotient again to a float could only err where it lies half-way between two floats; those are left to the caller.
  private static func shortDecimal(_ word: ArraySlice<UInt8>) -> Float? {
    var mantissa: Int64 = 0
    var digits = 0
    var fraction: Int?
    for byte in word {
      if let digit = digit(byte) {
        mantissa = mantissa &* 10 &+ Int64(digit)
        digits += 1
        fraction? += 1
        guard digits <= 15 else { return nil }
      } else {
        guard byte == UInt8(ascii: "."), fraction == nil, digits > 0 else { return nil }
        fraction = 0
      }
    }
    guard digits > 0, fraction != 0 else { return nil }
    let magnitude = Double(mantissa) / powersOfTen[fraction ?? 0]
    let isHalfway = magnitude.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    guard !isHalfway, magnitude == 0 || magnitude >= Double(Float.leastNormalMagnitude) else { return nil }
    return Float(magnitude)
  }

  /// The float that any decimal without sign means.
  ///
  /// `Float` reads more than JSON allows, such as `.5`, `0x10` and `nan`, so the beginning is looked at first.
  private static func anyDecimal(_ word: ArraySlice<UInt8>) -> Float? {
    let fraction = word.drop { digit($0) != nil }
    guard fraction.startIndex > word.startIndex, fraction.first != UInt8(ascii: "x") else { return nil }
    if fraction.first == UInt8(ascii: ".") {
      guard let first = fraction.dropFirst().first, digit(first) != nil else { return nil }
    }
    return Float(String(decoding: word, as: UTF8.self))
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static func digit(_ byte: UInt8) -> Int? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int(value) : nil
  }
}

/// Whether bytes are a text, so that names can be told apart by `switch`.
func ~= (text: String, bytes: ArraySlice<UInt8>) -> Bool {
  bytes.elementsEqual(text.utf8)
}
