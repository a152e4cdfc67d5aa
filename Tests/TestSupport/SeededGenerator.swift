/// Random numbers that a seed determines: what a failing test prints is what reproduces it.
///
/// SplitMix64 (Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Starts from a seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `count` vectors around a few centres, so that some lie close together; one after another.
  public mutating func vectors(_ count: Int, dimension: Int, centres: Int = 8) -> [Float] {
    let middles = (0..<centres * dimension).map { _ in Float.random(in: -1...1, using: &self) }
    return (0..<count).flatMap { _ in
      let centre = Int.random(in: 0..<centres, using: &self)
      return (0..<dimension).map { middles[centre * dimension + $0] + Float.random(in: -0.5...0.5, using: &self) }
    }
  }
}

extension SeededGenerator {
  /// `count` rows of independent numbers with mean 0 and variance 1, nearly Gaussian: the data in which every direction counts the same.
  ///
  /// Sums of uniform numbers, so that no mathematical library has a say in them.
  public mutating func isotropic(_ count: Int, dimension: Int) -> [Float] {
    (0..<count * dimension).map { _ in
      let bits = next()
      let sum = (0..<4).reduce(0) { $0 + Int(bits >> (16 * UInt64($1)) & 0xffff) }
      return (Float(sum) / 65_536 - 2) * Float(3).squareRoot()
    }
  }
}
