/// How far beyond the best rows a walk goes on: up to a multiple of the distance of the *k*-th best.
///
/// A beam of fixed width is too wide for an easy query and too narrow for a hard one, around which many rows are almost equally near. So the
/// query decides, twice: what is expanded has to lie within a slack of the *k*-th best; and once everything within a small slack has been
/// expanded, the query's contrast is known, and it says which slack the walk ends with.
///
/// Distance-adaptive beam search (Al-Jazzazi et al. 2025), with a slack of its own for every query.
struct SearchHorizon: Sendable {
  /// Which of the best rows counts, from 1.
  let k: Int
  /// By how much a squared distance may be greater before the contrast is known.
  let firstSlack: Float
  /// By how much the squared distance of a row that the beam keeps may be greater.
  let keptSlack: Float
  /// Says the final slack; nil where the first one is final.
  let rule: HardnessRule?
  private let scale: RankScale

  /// The first slack of a walk with a rule: so little that hardly any query needs less.
  static let settlingSlack: Float = 0

  /// More slack than any walk is given.
  static let maximumSlack: Float = 16

  /// No horizon: the beam's width alone decides.
  static let none = SearchHorizon(k: .max, firstSlack: 0, keptSlack: 0, rule: nil, scale: RankScale(zero: 0, least: 0))

  private init(k: Int, firstSlack: Float, keptSlack: Float, rule: HardnessRule?, scale: RankScale) {
    (self.k, self.firstSlack, self.keptSlack, self.rule, self.scale) = (k, firstSlack, keptSlack, rule, scale)
  }

  /// A horizon for ranks that are squared distances up to a factor and a summand.
  ///
  /// - Parameters:
  ///   - k: Which of the best rows counts.
  ///   - rule: Says how far to go by how hard the query is.
  ///   - scale: Which distances ranks stand for.
  init(k: Int, rule: HardnessRule, scale: RankScale) {
    self.init(
      k: k, firstSlack: Self.settlingSlack, keptSlack: max(rule.greatestSlack, Self.settlingSlack), rule: rule,
      scale: scale)
  }

  /// A horizon that ends at the first slack, for a walk that is told to go on.
  ///
  /// - Parameters:
  ///   - k: Which of the best rows counts.
  ///   - greatestSlack: How far it may be told to go on.
  ///   - scale: Which distances ranks stand for.
  init(k: Int, greatestSlack: Float, scale: RankScale) {
    self.init(k: k, firstSlack: Self.settlingSlack, keptSlack: greatestSlack, rule: nil, scale: scale)
  }

  /// How many rows a beam keeps at least when a walk has settled.
  ///
  /// The distance of the last of them, beside that of the *k*-th best, says how hard a query is.
  var leastCount: Int { k == .max ? k : min(4 * k, k + 64) }

  /// How many rows a beam keeps at least while a walk is on its way: most of what it meets there has no place in the answer.
  var leadCount: Int { k == .max ? k : min(k + max(k / 2, 4), leastCount) }

  /// How hard a query is, 0 to 1.
  ///
  /// - Parameters:
  ///   - rank: That of the *k*-th best.
  ///   - lastRank: That of the row at ``leastCount``, or of the last there is.
  /// - Returns: The quotient of their squared distances.
  func contrast(_ rank: Float, _ lastRank: Float) -> Float {
    let distance = scale.distance(lastRank)
    return distance > 0 ? min(scale.distance(rank) / distance, 1) : 1
  }

  /// The last rank within a slack of the *k*-th best.
  @inline(__always)
  func limit(_ rank: Float, slack: Float) -> Float { rank + slack * scale.distance(rank) }
}

/// Which squared distances the ranks of one query stand for, up to a factor.
struct RankScale: Sendable {
  /// The rank of distance 0.
  let zero: Float
  /// The least distance.
  let least: Float

  /// The squared distance of a rank.
  @inline(__always)
  func distance(_ rank: Float) -> Float { max(rank - zero, least) }
}
