/// Half precision without the type, which not every platform has.
enum HalfPrecision {
  /// The bits of the nearest half, ties to even; what is too large becomes infinite.
  static func bits(_ number: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
    let magnitude = number.magnitude
    guard !number.isNaN else { return sign | 0x7E00 }
    // From half-way between the greatest half and the next power of two on.
    guard magnitude < 65_520 else { return sign | 0x7C00 }
    guard magnitude >= 0x1p-14 else {
      // Subnormal: a whole number of 2⁻²⁴, which a float holds exactly.
      return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let bits = magnitude.bitPattern
    let rounded = bits &+ 0xFFF &+ (bits >> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded >> 13) &- (112 << 10))
  }
}
