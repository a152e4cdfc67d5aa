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

  /// Consumes a string if one comes next; otherwise nil, and what comes next is left.
  ///
  /// - Throws: `parse_error`.
  mutating func takeText() throws(WireError) -> String? {
    guard try peek() == UInt8(ascii: "\"") else { return nil }
    return text(of: try string())
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
    guard starts(with: word, at: position) else { throw .parse("not a JSON value", at: position) }
    advance(to: position + word.utf8CodeUnitCount)
  }
}
