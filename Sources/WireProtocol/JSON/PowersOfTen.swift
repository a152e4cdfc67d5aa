/// Powers of ten.
enum PowersOfTen {
  private static let doubles: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
  /// Nearest doubles of the inverse powers, for those who can bear one more rounding.
  private static let inverses: InlineArray<25, Double> = [
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17,
    1e-18, 1e-19, 1e-20, 1e-21, 1e-22, 1e-23, 1e-24,
  ]
  private static let integers: InlineArray<9, Int64> = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  /// 10^`exponent`, exactly; the exponent is from 0 to 22.
  @inline(__always)
  static func double(_ exponent: Int) -> Double { doubles[exponent] }

  /// 10^−`exponent`, rounded; the exponent is from 0 to 24.
  @inline(__always)
  static func inverse(_ exponent: Int) -> Double { inverses[exponent] }

  /// 10^`exponent`; the exponent is from 0 to 8.
  @inline(__always)
  static func integer(_ exponent: Int) -> Int64 { integers[exponent] }
}
