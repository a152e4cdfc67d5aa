#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension JSONScanner {
  /// Consumes a string.
  ///
  /// - Returns: Where its content is.
  /// - Throws: `parse_error` for a control character, an invalid escape, a lone surrogate, invalid UTF-8 or a missing end.
  /// - Complexity: O(bytes), eight bytes at a time where nothing is special.
  public mutating func string() throws(WireError) -> Text {
    guard try peek() == UInt8(ascii: "\"") else { throw .parse("expected a string", at: position) }
    let start = position + 1
    var at = start
    var hasEscapes = false
    while true {
      at = plainEnd(from: at)
      guard at < count else { throw .parse("the string that begins here has no end", at: start - 1) }
      switch self[at] {
      case UInt8(ascii: "\""):
        advance(to: at + 1)
        return Text(range: start..<at, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        at = try escapeEnd(from: at)
      case 0..<0x20: throw .parse("a control character inside a string; escape it", at: at)
      default: at = try sequenceEnd(from: at)
      }
    }
  }

  /// The content of a string, escapes resolved.
  ///
  /// - Complexity: O(bytes).
  /// - Allocates: For more than 15 bytes.
  public func text(of string: Text) -> String {
    guard string.hasEscapes else { return copy(string.range) }
    var units: [UInt16] = []
    var at = string.range.lowerBound
    var plain = at
    while at < string.range.upperBound {
      guard self[at] == UInt8(ascii: "\\") else {
        at += 1
        continue
      }
      units.append(contentsOf: copy(plain..<at).utf16)
      let (unit, length) = escape(at: at)
      units.append(unit)
      at += length
      plain = at
    }
    units.append(contentsOf: copy(plain..<at).utf16)
    return String(decoding: units, as: UTF16.self)
  }

  /// Where the next quote stands, whatever comes before it.
  func quote(from start: Int) -> Int? {
    guard start < count else { return nil }
    // SAFETY: looks at the bytes from `start` to the end of the text.
    let rest = unsafe slice(start..<count)
    guard let base = rest.baseAddress, let found = unsafe memchr(base, 0x22, rest.count) else { return nil }
    return unsafe start + (UnsafeRawPointer(found) - base)
  }

  /// The first byte from `start` on that is a quote, a backslash, a control character or not ASCII.
  @inline(__always)
  private func plainEnd(from start: Int) -> Int {
    var at = start
    while at + 8 <= count {
      let word = word(at: at)
      guard SpecialBytes.areAbsent(from: word), SpecialBytes.isASCII(word) else { break }
      at += 8
    }
    while at < count {
      let byte = self[at]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      at += 1
    }
    return at
  }

  /// Checks one escape.
  private func escapeEnd(from start: Int) throws(WireError) -> Int {
    guard start + 1 < count else { throw .parse("the string ends inside an escape", at: start) }
    switch self[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"): break
    default: throw .parse("an unknown escape", at: start)
    }
    guard let unit = codeUnit(at: start + 2) else { throw .parse("\\u needs four hexadecimal digits", at: start) }
    guard unit & 0xF800 == 0xD800 else { return start + 6 }
    let second = start + 6
    guard unit < 0xDC00, second + 1 < count, self[second] == UInt8(ascii: "\\"), self[second + 1] == UInt8(ascii: "u"),
      let low = codeUnit(at: second + 2), low & 0xFC00 == 0xDC00
    else { throw .parse("half of a surrogate pair", at: start) }
    return start + 12
  }

  /// What one checked escape stands for, and how long it is.
  private func escape(at start: Int) -> (unit: UInt16, length: Int) {
    switch self[start + 1] {
    case UInt8(ascii: "u"): (codeUnit(at: start + 2) ?? 0xFFFD, 6)
    case UInt8(ascii: "b"): (0x08, 2)
    case UInt8(ascii: "f"): (0x0C, 2)
    case UInt8(ascii: "n"): (0x0A, 2)
    case UInt8(ascii: "r"): (0x0D, 2)
    case UInt8(ascii: "t"): (0x09, 2)
    case let other: (UInt16(other), 2)
    }
  }

  private func codeUnit(at start: Int) -> UInt16? {
    guard start + 4 <= count else { return nil }
    var unit: UInt16 = 0
    for index in start..<start + 4 {
      let digit: UInt8
      switch self[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = self[index] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = self[index] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = self[index] - UInt8(ascii: "A") + 10
      default: return nil
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// Checks one character of several bytes (the table of well-formed sequences of the Unicode standard, 3-7).
  private func sequenceEnd(from start: Int) throws(WireError) -> Int {
    let first = self[start]
    let (length, second): (Int, ClosedRange<UInt8>)
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw .parse("invalid UTF-8", at: start)
    }
    guard start + length <= count, second.contains(self[start + 1]) else { throw .parse("invalid UTF-8", at: start) }
    for index in start + 2..<start + length where self[index] & 0xC0 != 0x80 {
      throw .parse("invalid UTF-8", at: start)
    }
    return start + length
  }
}
