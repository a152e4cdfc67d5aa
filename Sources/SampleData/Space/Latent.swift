/// A point in the space in which the sample is made up, before it is turned and cut down to an embedding.
///
/// Coordinates are ordered by how much the content of pictures varies along them.
struct Latent {
  /// The number of coordinates; a power of two.
  static let dimension = 256

  private(set) var coordinates: [Double]

  /// The origin.
  static let zero = Latent(coordinates: [Double](repeating: 0, count: dimension))

  /// Draws a point whose coordinates have the given standard deviations.
  static func drawn(_ spectrum: Spectrum, from random: inout SampleRandom) -> Latent {
    Latent(coordinates: spectrum.deviations.map { $0 * random.gaussian() })
  }

  /// The point in the same direction at distance 1.
  var normalized: Latent {
    let squares = coordinates.reduce(0) { $0 + $1 * $1 }
    return self * (1 / squares.squareRoot())
  }

  static func + (left: Latent, right: Latent) -> Latent {
    Latent(coordinates: zip(left.coordinates, right.coordinates).map { $0 + $1 })
  }

  static func * (point: Latent, factor: Double) -> Latent {
    Latent(coordinates: point.coordinates.map { $0 * factor })
  }
}
