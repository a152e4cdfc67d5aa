/// Bytes that a string of JSON cannot hold as they are, looked for in eight bytes at once.
///
/// After "Determine if a word has a zero byte" and "… less than n" (Anderson, Bit Twiddling Hacks).
enum SpecialBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Whether a word has no quote, backslash or control character.
  @inline(__always)
  static func areAbsent(from word: UInt64) -> Bool {
    let quotes = word ^ (ones &* 0x22)
    let slashes = word ^ (ones &* 0x5C)
    let found = (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- ones &* 0x20) & ~word
    return found & tops == 0
  }

  /// Whether all bytes of a word are ASCII.
  @inline(__always)
  static func isASCII(_ word: UInt64) -> Bool { word & tops == 0 }
}
