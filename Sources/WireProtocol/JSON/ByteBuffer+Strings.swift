extension ByteBuffer {
  /// Adds a string in quotes, what JSON does not allow inside them escaped.
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
        unsafe escape(bytes[end])
        start = end + 1
      }
      append(UInt8(ascii: "\""))
    }
  }

  /// The first byte from `start` on that has to be escaped.
  @inline(__always)
  private static func plainEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    // SAFETY: every index is compared with the count.
    while at + 8 <= bytes.count {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      guard SpecialBytes.areAbsent(from: word) else { break }
      at += 8
    }
    while at < bytes.count {
      let byte = unsafe bytes[at]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      at += 1
    }
    return at
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
