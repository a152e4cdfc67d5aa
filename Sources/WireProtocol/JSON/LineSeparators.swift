/// Characters at which some readers end a line though JSON allows them in strings: U+0085, U+2028 and U+2029.
///
/// Python's `splitlines` cuts at all three, JavaScript of old at the last two. Answers have them as escapes. The others at which readers cut are
/// control characters, which JSON escapes anyway.
enum LineSeparators {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Whether none can begin in eight bytes: they begin with C2 and E2, which differ in one bit.
  @inline(__always)
  static func cannotBegin(in word: UInt64) -> Bool {
    guard word & tops != 0 else { return true }
    let leads = word & (ones &* 0xDF) ^ (ones &* 0xC2)
    return (leads &- ones) & ~leads & tops == 0
  }

  /// Recognises the separator that three bytes begin with.
  ///
  /// - Parameters:
  ///   - first: The first byte.
  ///   - second: The next; 0 at the end of a text.
  ///   - third: The one after; 0 at the end of a text.
  /// - Returns: The separator as an escape, and how many of the bytes it takes; nil where there is none.
  @inline(__always)
  static func escape(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (text: StaticString, length: Int)? {
    switch (first, second, third) {
    case (0xC2, 0x85, _): ("\\u0085", 2)
    case (0xE2, 0x80, 0xA8): ("\\u2028", 3)
    case (0xE2, 0x80, 0xA9): ("\\u2029", 3)
    default: nil
    }
  }
}
