/// How much pictures vary along each coordinate: much along the first ones, less and less along the others.
///
/// Real embeddings look like this; numbers that vary equally in all directions would make every index look alike.
struct Spectrum {
  /// The standard deviation of each coordinate; their squares add up to 1.
  let deviations: [Double]

  /// What pictures show: half the variance in some ten directions.
  static let content = Spectrum { rank in
    let scale = 1 + rank / 7
    return 1 / (scale * scale.squareRoot())
  }

  /// What editing does to a picture: flatter, for an edit knows nothing of content.
  static let edit = Spectrum { rank in
    let scale = 1 + rank / 10
    return 1 / (scale * scale.squareRoot().squareRoot())
  }

  private init(variance: (Double) -> Double) {
    let variances = (0..<Latent.dimension).map { variance(Double($0)) }
    let total = variances.reduce(0, +)
    deviations = variances.map { ($0 / total).squareRoot() }
  }
}
