import VectorKernels

/// A random rotation that costs O(*d* log *d*): changes of sign and Walsh-Hadamard transforms in turn.
///
/// Spreads every vector evenly over its coordinates, so that one step serves all of them and nothing has to be learnt from the data.
/// Where the dimension is no power of two, the transform runs over the first and the last power-of-two window in turn.
///
/// Fast Johnson-Lindenstrauss transform (Ailon and Chazelle 2006); for quantisation: RaBitQ (Gao and Long 2024).
@safe
final class HadamardRotation: Sendable {
  /// Numbers that a rotated vector has: those of the input, rounded up to whole 64s.
  let dimension: Int
  /// What the signs were drawn with.
  let seed: UInt64
  private let window: Int
  private let rounds: Int
  private let signs: [UInt32]

  init(inputDimension: Int, seed: UInt64) {
    dimension = (inputDimension + 63) & ~63
    self.seed = seed
    var power = 64
    while power * 2 <= dimension { power *= 2 }
    window = power
    rounds = power == dimension ? 2 : 4
    var generator = SplitMix(seed: seed)
    signs = (0..<rounds * dimension / 32).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
  }

  /// Rotates a vector in place.
  ///
  /// - Parameter vector: ``dimension`` floats; those beyond the input's are zero.
  func apply(_ vector: UnsafeMutablePointer<Float>) {
    let hadamard = unsafe DistanceKernels.active.hadamard
    let flipSigns = unsafe DistanceKernels.active.flipSigns
    unsafe signs.withUnsafeBufferPointer { signs in
      guard let words = signs.baseAddress else { return }
      for round in 0..<rounds {
        // SAFETY: the caller gives `dimension` floats; every window lies within them, and there are `dimension` signs a round.
        unsafe flipSigns(vector, words + round * dimension / 32, dimension)
        unsafe hadamard(vector + (round % 2 == 0 ? 0 : dimension - window), window)
      }
    }
  }
}
