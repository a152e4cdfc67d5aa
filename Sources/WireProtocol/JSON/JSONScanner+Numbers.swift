extension JSONScanner {
  /// A number of the text as it was written: ± significand × 10^exponent.
  struct Number {
    var range: Range<Int>
    var isNegative = false
    /// The first 19 digits or so, leading zeros not counted.
    var significand: UInt64 = 0
    var exponent = 0
    /// Whether it is written without point and exponent.
    var isWhole = true
    /// Whether the significand holds all digits.
    var isComplete = true
  }

  /// Consumes a number.
  ///
  /// - Returns: Its parts.
  /// - Throws: `parse_error` where it is none, such as `01`, `.5`, `1.` or `NaN`.
  mutating func number() throws(WireError) -> Number {
    _ = try peek()
    let start = position
    var at = start
    var number = Number(range: start..<start)
    if self[at] == UInt8(ascii: "-") {
      number.isNegative = true
      at += 1
    }
    let first = at
    digits(from: &at, into: &number, isFraction: false)
    guard at > first else { throw noValue(at: start) }
    guard at == first + 1 || self[first] != UInt8(ascii: "0") else {
      throw .parse("a number with a leading zero", at: start)
    }
    if at < count, self[at] == UInt8(ascii: ".") {
      number.isWhole = false
      at += 1
      let point = at
      digits(from: &at, into: &number, isFraction: true)
      guard at > point else { throw .parse("a digit is missing after the point", at: at) }
    }
    if at < count, self[at] | 0x20 == UInt8(ascii: "e") {
      number.isWhole = false
      number.exponent += try writtenExponent(from: &at)
    }
    number.range = start..<at
    advance(to: at)
    return number
  }

  /// Consumes a number and rounds it once to the nearest float.
  ///
  /// - Throws: `parse_error` where it is none; `invalid_params` where it is beyond the range of floats.
  public mutating func float() throws(WireError) -> Float {
    let number = try number()
    if let value = number.quickFloat ?? exactFloat(number) { return value }
    throw WireError(
      .invalidParams, "the number is beyond the range of 32-bit floats", offset: number.range.lowerBound,
      got: written(number))
  }

  /// Consumes a number and rounds it once to the nearest double.
  ///
  /// - Throws: `parse_error` where it is none; `invalid_params` where it is beyond the range of doubles.
  public mutating func double() throws(WireError) -> Double {
    let number = try number()
    if let value = exactDouble(number) { return value }
    throw WireError(
      .invalidParams, "the number is beyond the range of doubles", offset: number.range.lowerBound,
      got: written(number))
  }

  /// Consumes a number; nil where it is not a whole number of 64 bits.
  ///
  /// - Throws: `parse_error` where it is none.
  public mutating func integer() throws(WireError) -> Int64? {
    try number().integer
  }

  /// The nearest float by the standard library's way, exact for any number of digits; nil beyond the range.
  func exactFloat(_ number: Number) -> Float? {
    Float(copy(number.range)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The nearest double; nil beyond the range.
  func exactDouble(_ number: Number) -> Double? {
    Double(copy(number.range)).flatMap { $0.isFinite ? $0 : nil }
  }

  private func written(_ number: Number) -> String {
    WireError.excerpt(copy(number.range))
  }

  /// Reads digits, eight at a time while they fit.
  @inline(__always)
  private func digits(from at: inout Int, into number: inout Number, isFraction: Bool) {
    while at + 8 <= count, number.significand < 100_000_000_000 {
      let eight = EightDigits(word(at: at))
      guard eight.isWhole else { break }
      number.significand = number.significand &* 100_000_000 &+ eight.all
      if isFraction { number.exponent -= 8 }
      at += 8
    }
    while at < count {
      let digit = self[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      if number.significand < 1_000_000_000_000_000_000 {
        number.significand = number.significand &* 10 &+ UInt64(digit)
        if isFraction { number.exponent -= 1 }
      } else {
        number.isComplete = false
        if !isFraction { number.exponent += 1 }
      }
      at += 1
    }
  }

  private func writtenExponent(from at: inout Int) throws(WireError) -> Int {
    at += 1
    var isNegative = false
    if at < count, self[at] == UInt8(ascii: "-") || self[at] == UInt8(ascii: "+") {
      isNegative = self[at] == UInt8(ascii: "-")
      at += 1
    }
    let first = at
    var exponent = 0
    while at < count, case let digit = self[at] &- UInt8(ascii: "0"), digit <= 9 {
      // Far more than any text has digits, so that no digits can make up for what is cut off here.
      exponent = min(exponent * 10 + Int(digit), 1 << 48)
      at += 1
    }
    guard at > first else { throw .parse("a digit is missing in the exponent", at: at) }
    return isNegative ? -exponent : exponent
  }
}

extension JSONScanner.Number {
  /// The integer, where it is one of 64 bits that was written without point and exponent.
  var integer: Int64? {
    guard isWhole, isComplete, exponent == 0 else { return nil }
    return isNegative ? Int64(exactly: -Int128(significand)) : Int64(exactly: significand)
  }

  /// The nearest float, where a few operations on doubles give it for certain; otherwise nil.
  ///
  /// The significand, digits that it lacks, and each of at most two steps by powers of ten are off by at most one unit in the
  /// last place of a double, so the computed double is within 4 units of the true value.
  var quickFloat: Float? {
    if significand == 0 { return isNegative ? -0.0 : 0.0 }
    guard exponent <= 22, exponent >= -44 else { return nil }
    var value = Double(significand)
    if exponent > 0 {
      value *= PowersOfTen.double(exponent)
    } else {
      value /= PowersOfTen.double(min(-exponent, 22))
      value /= PowersOfTen.double(max(-exponent - 22, 0))
    }
    return Float(nearlyExact: value).map { isNegative ? -$0 : $0 }
  }
}

extension Float {
  /// Rounds a double whose last few bits are not certain; nil where they decide, or where the range of normal floats ends.
  ///
  /// The nearest float of a double within 16 units of the true value is the nearest float of that value too, unless the
  /// middle between two floats lies as near.
  @inline(__always)
  init?(nearlyExact value: Double) {
    let tail = Int(truncatingIfNeeded: value.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
    guard abs(tail) > 16, value >= 0x1p-126, value < 0x1p127 else { return nil }
    self = Float(value)
  }
}
