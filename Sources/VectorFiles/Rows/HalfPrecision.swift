import WireProtocol

/// Conversion between IEEE half and single precision by integer arithmetic.
///
/// It is exact or correctly rounded, the same on every processor, and the widening loop vectorises without the
/// instructions that not every x86 processor has.
public enum HalfPrecision {
  /// The single-precision number that a half-precision bit pattern stands for; exact, infinities and NaN included.
  public static func widen(_ half: UInt16) -> Float { Float(half: half) }

  /// The half-precision bit pattern nearest to a number, ties to even.
  ///
  /// - Returns: Infinity beyond 65,504 and its rounding range; a quiet NaN for NaN.
  @inlinable
  public static func narrow(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Below the normal range the unit is 2^-24: adding 0.5, whose unit in single precision is just that, rounds.
      let rounded = (Float(bitPattern: magnitude) + 0.5).bitPattern - Float(0.5).bitPattern
      return sign | UInt16(truncatingIfNeeded: rounded)
    }
    let rounded = magnitude + 0x0FFF + ((magnitude >> 13) & 1) - (112 << 23)
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }
}
