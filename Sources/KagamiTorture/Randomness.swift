/// SplitMix64: the same numbers for the same seed everywhere.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  /// A sequence of its own for each purpose, so that one phase does not move the others.
  init(_ seed: UInt64, _ purpose: String = "") {
    state = purpose.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// True once in `n` times on average.
  mutating func oneIn(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

  /// A vector of small whole numbers, which half precision holds and whose products are exact.
  mutating func vector(_ dimension: Int) -> [Float] {
    var numbers = (0..<dimension).map { _ in Float(Int.random(in: -8...8, using: &self)) }
    if numbers.allSatisfy({ $0 == 0 }) { numbers[0] = 1 }
    return numbers
  }
}
