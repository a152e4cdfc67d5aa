/// How far beyond the best rows a walk goes on: up to a multiple of the distance of the *k*-th best.
///
/// A beam of fixed width is too wide for an easy query and too narrow for a hard one, around which many rows are almost equally near. This rule
/// lets the query decide: the squared distance of what is still expanded may exceed that of the *k*-th best by the slack.
///
/// Distance-adaptive beam search (Al-Jazzazi et al. 2025).
struct SearchHorizon: Sendable {
  /// Which of the best rows counts, from 1.
  let k: Int
  private let slope: Float
  private let offset: Float

  /// No horizon: the beam's width alone decides.
  static let none = SearchHorizon(k: .max, slope: 1, offset: 0)

  private init(k: Int, slope: Float, offset: Float) {
    self.k = k
    self.slope = slope
    self.offset = offset
  }

  /// A horizon for ranks that are squared distances up to a factor and a summand.
  ///
  /// - Parameters:
  ///   - k: Which of the best rows counts.
  ///   - slack: By how much a squared distance may be greater, 0.2 for a fifth.
  ///   - zero: The rank of distance 0.
  init(k: Int, slack: Float, zero: Float) {
    self.init(k: k, slope: 1 + slack, offset: -slack * zero)
  }

  /// The last rank of interest, where the *k*-th best has this one.
  @inline(__always)
  func limit(ofRank rank: Float) -> Float { slope * rank + offset }
}
