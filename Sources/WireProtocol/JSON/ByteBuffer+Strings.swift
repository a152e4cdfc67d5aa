extension ByteBuffer {
  /// Adds a string in quotes, what JSON does not allow inside them escaped, and characters at which some readers end a line.
  ///
  /// - Parameter text: Valid UTF-8.
  /// - Complexity: O(bytes), eight at a time where nothing is escaped.
  mutating func quoted(_ text: Span<UInt8>) {
    // SAFETY: the text is lent for the call.
    unsafe text.withUnsafeBytes { bytes in
      append(UInt8(ascii: "\""))
      var start = 0
      while true {
        let end = unsafe Self.plainEnd(in: bytes, from: start)
        unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        guard end < bytes.count else { break }
        if let separator = unsafe Self.separator(in: bytes, at: end) {
          append(separator.text)
          start = end + separator.length
        } else {
          unsafe escape(bytes[end])
          start = end + 1
        }
      }
      append(UInt8(ascii: "\""))
    }
  }

  /// Adds a text that is JSON already, with nothing but separators of lines escaped: they can stand in its strings only.
  ///
  /// - Complexity: O(bytes), eight at a time where there are none.
  mutating func append(lines text: Span<UInt8>) {
    // SAFETY: the text is lent for the call.
    unsafe text.withUnsafeBytes { bytes in
      var (at, start) = (0, 0)
      while at < bytes.count {
        if at + 8 <= bytes.count, LineSeparators.cannotBegin(in: unsafe Self.word(of: bytes, at: at)) {
          at += 8
        } else if let separator = unsafe Self.separator(in: bytes, at: at) {
          unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
          append(separator.text)
          at += separator.length
          start = at
        } else {
          at += 1
        }
      }
      unsafe append(UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
    }
  }

  /// The first byte from `start` on that has to be escaped.
  @inline(__always)
  private static func plainEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    // SAFETY: every index is compared with the count.
    while at + 8 <= bytes.count {
      let word = unsafe word(of: bytes, at: at)
      if SpecialBytes.areAbsent(from: word), LineSeparators.cannotBegin(in: word) {
        at += 8
        continue
      }
      for index in at..<at + 8 where unsafe isSpecial(bytes, index) { return index }
      at += 8
    }
    while at < bytes.count, !(unsafe isSpecial(bytes, at)) { at += 1 }
    return at
  }

  @inline(__always)
  private static func isSpecial(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    // SAFETY: the callers compare the index with the count.
    let byte = unsafe bytes[index]
    if byte < 0x80 { return byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
    return unsafe byte & 0xDF == 0xC2 && separator(in: bytes, at: index) != nil
  }

  /// The separator of lines at a place.
  @inline(__always)
  private static func separator(in bytes: UnsafeRawBufferPointer, at index: Int) -> (text: StaticString, length: Int)? {
    // SAFETY: every index is compared with the count, the first by the callers.
    let second = index + 1 < bytes.count ? unsafe bytes[index + 1] : 0
    let third = index + 2 < bytes.count ? unsafe bytes[index + 2] : 0
    return unsafe LineSeparators.escape(bytes[index], second, third)
  }

  @inline(__always)
  private static func word(of bytes: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
    // SAFETY: the callers compare `index` + 8 with the count.
    unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    default:
      append("\\u00")
      append(Self.digit(byte >> 4))
      append(Self.digit(byte & 15))
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
