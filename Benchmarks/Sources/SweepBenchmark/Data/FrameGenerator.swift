import Foundation

/// Makes vectors that are distributed like embeddings of video frames.
///
/// Works lie around themes, and views of a work around the work: each step away goes along few directions of its own, and all directions carry
/// unequal variance, as learnt embeddings do. A final rotation spreads that over all coordinates.
/// The same seed gives the same bytes.
struct FrameGenerator {
  let dimension: Int
  private var random: SplitMix64
  private let deviations: [Float]
  private let mirrors: [[Float]]
  private let themes: [[Float]]
  private let tangents: [[[Float]]]

  /// Local directions of a theme.
  private static let localDimension = 18

  init(dimension: Int, themes count: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    self.dimension = dimension
    let deviations = (0..<dimension).map { Float(pow(1 + Double($0) / 18, -1)) }
    self.deviations = deviations
    func direction() -> [Float] { deviations.map { $0 * random.gaussian() } }
    themes = (0..<count).map { _ in direction() }
    tangents = (0..<count).map { _ in (0..<Self.localDimension).map { _ in direction() } }
    mirrors = (0..<24).map { _ in Self.unit((0..<dimension).map { _ in random.gaussian() }) }
    self.random = random
  }

  /// Rows with the theme of each.
  mutating func rows(_ count: Int) -> (vectors: [Float], themes: [Int]) {
    var vectors: [Float] = []
    var chosen: [Int] = []
    vectors.reserveCapacity(count * dimension)
    while chosen.count < count {
      let theme = skewedTheme()
      let work = work(of: theme)
      for _ in 0..<Int.random(in: 1...5, using: &random) where chosen.count < count {
        vectors += view(of: work, theme)
        chosen.append(theme)
      }
    }
    return (vectors, chosen)
  }

  /// A few themes have many works, as a few members have.
  private mutating func skewedTheme() -> Int { Int(pow(random.unit(), 1.6) * Double(themes.count)) }

  private mutating func work(of theme: Int) -> [Float] {
    moved(themes[theme], along: theme, by: 0.42, noise: 0.3)
  }

  private mutating func view(of work: [Float], _ theme: Int) -> [Float] {
    rotated(Self.unit(moved(work, along: theme, by: 0.2, noise: 0.25)))
  }

  private mutating func moved(_ start: [Float], along theme: Int, by length: Float, noise: Float) -> [Float] {
    var moved = start
    for tangent in tangents[theme] {
      let step = length * random.gaussian()
      for index in moved.indices { moved[index] += step * tangent[index] }
    }
    for index in moved.indices { moved[index] += noise * deviations[index] * random.gaussian() }
    return moved
  }

  /// The image under a fixed product of reflections (Householder 1958).
  private func rotated(_ vector: [Float]) -> [Float] {
    var vector = vector
    for mirror in mirrors {
      var product: Float = 0
      for index in vector.indices { product += vector[index] * mirror[index] }
      for index in vector.indices { vector[index] -= 2 * product * mirror[index] }
    }
    return vector
  }

  private static func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / length }
  }
}
