extension JSONScanner {
  /// Consumes `null` if it comes next.
  ///
  /// - Returns: Whether it did.
  /// - Throws: `parse_error`.
  public mutating func takeNull() throws(WireError) -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  /// Consumes `true` or `false` if one comes next; nil for any other value, which is left.
  ///
  /// - Throws: `parse_error`.
  public mutating func takeBool() throws(WireError) -> Bool? {
    switch try peek() {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default: return nil
    }
  }

  /// Consumes a number if one comes next and fits a float; otherwise nil, and what comes next is left.
  ///
  /// - Throws: `parse_error`.
  mutating func takeFloat() throws(WireError) -> Float? {
    try takeNumber { scanner, number in number.quickFloat ?? scanner.exactFloat(number) }
  }

  /// Consumes a number if one comes next and fits a double; otherwise nil, and what comes next is left.
  ///
  /// - Throws: `parse_error`.
  mutating func takeDouble() throws(WireError) -> Double? {
    try takeNumber { scanner, number in scanner.exactDouble(number) }
  }

  /// Consumes an integer that every JSON library keeps exactly, if one comes next; otherwise nil, and what comes next is left.
  ///
  /// - Throws: `parse_error`.
  mutating func takeInteger() throws(WireError) -> Int64? {
    try takeNumber { _, number in
      number.integer.flatMap { $0.magnitude <= RequestID.greatestInteger.magnitude ? $0 : nil }
    }
  }

  /// Consumes an integer of any length if one comes next; otherwise nil, and what comes next is left.
  ///
  /// - Returns: The integer, or the nearest of 64 bits, and its digits.
  /// - Throws: `parse_error`.
  mutating func takeAnyInteger() throws(WireError) -> (value: Int, written: String)? {
    try takeNumber { scanner, number in
      guard number.isWhole else { return nil }
      let value = number.integer.map(Int.init(clamping:)) ?? (number.isNegative ? .min : .max)
      return (value, WireError.excerpt(scanner.copy(number.range)))
    }
  }

  /// Consumes a string if one comes next; otherwise nil, and what comes next is left.
  ///
  /// - Throws: `parse_error`.
  mutating func takeText() throws(WireError) -> String? {
    guard try peek() == UInt8(ascii: "\"") else { return nil }
    return text(of: try string())
  }

  /// What is said of bytes that begin no value; a byte-order mark, which nobody sees, is named.
  func noValue(at start: Int) -> WireError {
    .parse(byteOrderMark(at: start) ?? "not a JSON value", at: start)
  }

  /// What is said of a byte-order mark at a place; nil where there is none.
  package func byteOrderMark(at start: Int) -> String? {
    if start + 3 <= count, self[start] == 0xEF, self[start + 1] == 0xBB, self[start + 2] == 0xBF {
      return "a byte-order mark, which is no part of JSON; send UTF-8 without it"
    }
    if start + 2 <= count, self[start] ^ self[start + 1] == 1, self[start] >= 0xFE {
      return "a byte-order mark of UTF-16; send UTF-8 without it"
    }
    return nil
  }

  @inline(__always)
  private mutating func takeNumber<Value>(
    _ convert: (borrowing JSONScanner, Number) -> Value?
  ) throws(WireError) -> Value? {
    let byte = try peek()
    guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9 else { return nil }
    let start = position
    if let value = convert(self, try number()) { return value }
    rewind(to: start)
    return nil
  }

  /// Consumes a word.
  @inline(__always)
  mutating func literal(_ word: StaticString) throws(WireError) {
    guard starts(with: word, at: position) else { throw noValue(at: position) }
    advance(to: position + word.utf8CodeUnitCount)
  }
}
