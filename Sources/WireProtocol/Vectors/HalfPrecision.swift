extension Float {
  /// The value of a half, given as bits, by arithmetic that every processor has and does for several numbers at once.
  ///
  /// The exponents differ by 112, which one multiplication makes up for, also where the half is subnormal. Infinities and
  /// what is no number keep their exponent of all ones.
  @inlinable
  package init(half: UInt16) {
    let magnitude = UInt32(half & 0x7FFF) << 13
    let finite = Float(bitPattern: magnitude) * 0x1p112
    let bits = magnitude < 0x7C00 << 13 ? finite.bitPattern : magnitude | 0x7F80_0000
    self.init(bitPattern: bits | UInt32(half & 0x8000) << 16)
  }
}
