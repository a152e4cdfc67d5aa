import VectorFiles

/// Turns latent points into the rows of the sample's files.
///
/// A fixed rotation spreads the leading directions over all components, as in a real embedding: two rounds of random
/// signs and a Walsh–Hadamard transform, which need additions only.
struct Embedding {
  private let signs: [[Double]]

  /// Draws the rotation.
  init(random: inout SampleRandom) {
    signs = (0..<2).map { _ in (0..<Latent.dimension).map { _ in random.bits() & 1 == 0 ? 1 : -1 } }
  }

  /// The embedding of a point: turned, of unit length, each component rounded to half precision.
  func row(_ point: Latent) -> [Float] {
    var components = point.normalized.coordinates
    for round in signs {
      for index in components.indices { components[index] *= round[index] }
      Self.transform(&components)
    }
    return components.map { HalfPrecision.widen(HalfPrecision.narrow(Float($0))) }
  }

  /// The Walsh–Hadamard transform, scaled to keep lengths.
  private static func transform(_ components: inout [Double]) {
    var half = 1
    while half < components.count {
      for start in stride(from: 0, to: components.count, by: 2 * half) {
        for index in start..<start + half {
          let (left, right) = (components[index], components[index + half])
          (components[index], components[index + half]) = (left + right, left - right)
        }
      }
      half *= 2
    }
    let scale = 1 / Double(components.count).squareRoot()
    for index in components.indices { components[index] *= scale }
  }
}
