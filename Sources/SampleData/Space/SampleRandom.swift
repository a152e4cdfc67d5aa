/// A small seeded source of numbers that are the same on every platform.
///
/// SplitMix64 (Steele, Lea and Flood 2014). Only integer arithmetic and the basic operations of IEEE 754 are used, so
/// that no mathematics library can change a bit.
struct SampleRandom {
  private var state: UInt64

  /// Starts a sequence; the same seed starts the same one.
  init(seed: UInt64) {
    state = seed
  }

  /// Sixty-four random bits.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<1, evenly spread.
  mutating func uniform() -> Double {
    Double(bits() >> 11) / 9_007_199_254_740_992
  }

  /// A number in a range, evenly spread.
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in 0..<bound.
  mutating func index(below bound: Int) -> Int {
    precondition(bound > 0)
    return Int(bits().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// One of several.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[index(below: elements.count)]
  }

  /// A number of mean 0 and variance 1, nearly normal: the sum of twelve even ones (Irwin and Hall).
  mutating func gaussian() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let word = bits()
      sum += (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + (word >> 48)
    }
    return (Double(sum) + 6) / 65_536 - 6
  }

  /// The elements in random order (Fisher and Yates).
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, index(below: last + 1))
    }
    return result
  }
}
