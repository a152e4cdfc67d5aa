/// Eight characters, of which the first few may be digits.
///
/// The first character is in the lowest byte. Nothing branches on how many digits there are: numbers in vectors have
/// lengths that no processor guesses.
struct EightDigits {
  /// The characters less the digit zero.
  private let digits: UInt64
  /// A byte's top bit is set where a character is no digit; those after the first such byte may be wrong.
  private let others: UInt64

  @inline(__always)
  init(_ word: UInt64) {
    digits = word ^ 0x3030_3030_3030_3030
    others = (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
  }

  /// Whether all eight are digits.
  @inline(__always)
  var isWhole: Bool { others == 0 }

  /// How many characters, from the first, are digits: 0 to 8.
  @inline(__always)
  var count: Int { others.trailingZeroBitCount >> 3 }

  /// The number that eight digits stand for.
  @inline(__always)
  var all: UInt64 { Self.combined(digits) }

  /// The number that the first few digits stand for.
  ///
  /// - Parameter count: At most ``count``.
  /// - Returns: The number; 0 for no digits.
  @inline(__always)
  func first(_ count: Int) -> Int64 {
    Int64(Self.combined(digits << UInt64(64 &- 8 &* count)))
  }

  /// Pairs, then fours, then all eight are added up in one multiplication each (Lemire, "Quickly parsing eight digits", 2018).
  @inline(__always)
  private static func combined(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ (digits >> 8)
    let fours = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let others = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (fours &+ others) >> 32
  }
}
