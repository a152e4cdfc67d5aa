/// How far a walk goes on, measured by the *k*-th best: that is its slack.
///
/// A slack of 0.2 lets it expand rows whose squared distance is up to a fifth greater than that of the *k*-th best; one of 0 those up to the
/// *k*-th best; one of -0.3 only seven tenths of the *k* best.
///
/// A beam of fixed width is too wide for an easy query and too narrow for a hard one, around which many rows are almost equally near. So the
/// query decides, twice: by the distance of its *k*-th best; and once half of the *k* best have been expanded, its traits are known, and they
/// say which slack the walk ends with.
///
/// Distance-adaptive beam search (Al-Jazzazi et al. 2025), with a slack of its own for every query.
struct SearchHorizon: Sendable {
  /// Which of the best rows counts, from 1.
  let k: Int
  /// How far the walk goes before the query's traits are known.
  let firstSlack: Float
  /// The slack within which the beam keeps rows until the walk has settled.
  let keptSlack: Float
  /// Says the final slack; nil where the first one is final.
  let rule: HardnessRule?
  private let scale: RankScale

  /// The first slack of a walk with a rule: less than hardly any query needs, and enough to tell how hard it is.
  static let settlingSlack: Float = -0.5

  /// The slacks that walks are given.
  static let slacks: ClosedRange<Float> = -1...16

  /// No horizon: the beam's width alone decides.
  static let none = SearchHorizon(
    k: .max, firstSlack: 0, keptSlack: 0, rule: nil, scale: RankScale(zero: 0, least: 0, unit: 1))

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
      k: k, firstSlack: Self.settlingSlack, keptSlack: max(rule.greatestSlack, 0), rule: rule, scale: scale)
  }

  /// A horizon that ends at the first slack, for a walk that is told to go on.
  ///
  /// - Parameters:
  ///   - k: Which of the best rows counts.
  ///   - greatestSlack: How far it may be told to go on.
  ///   - scale: Which distances ranks stand for.
  init(k: Int, greatestSlack: Float, scale: RankScale) {
    self.init(
      k: k, firstSlack: Self.settlingSlack, keptSlack: greatestSlack, rule: nil, scale: scale)
  }

  /// How many rows a beam keeps at least, whatever their distance: what is scored exactly is among them or within reach, and the last of them
  /// says how hard a query is.
  var leastCount: Int { k == .max ? k : k + min(max(k, 8), 64) }

  /// What a walk knows of its query.
  ///
  /// - Parameters:
  ///   - first: The rank of the best row.
  ///   - rank: That of the *k*-th best.
  ///   - last: That of the row at ``leastCount``, or of the last there is.
  /// - Returns: Quotients of the distances that they stand for.
  func traits(_ first: Float, _ rank: Float, _ last: Float) -> QueryTraits {
    let (near, middle, far) = (scale.distance(first), scale.distance(rank), scale.distance(last))
    return QueryTraits(
      contrast: far > 0 ? middle / far : 1,
      // Beyond twice a right angle nothing gets harder, and no rank is to decide a regression.
      remoteness: scale.unit > 0 ? min(middle / scale.unit, 4).squareRoot() : 1,
      evenness: middle > 0 ? near / middle : 1)
  }

  /// How many of the best rows a slack below 0 lets a walk expand.
  @inline(__always)
  func expandedCount(slack: Float) -> Int { min(max(Int((Float(k) * (1 + slack)).rounded()), 1), k) }

  /// The last rank within a slack, 0 or more, of the *k*-th best.
  @inline(__always)
  func limit(_ rank: Float, slack: Float) -> Float { rank + slack * scale.distance(rank) }
}

/// Which squared distances the ranks of one query stand for, up to a factor.
struct RankScale: Sendable {
  /// The rank of distance 0.
  let zero: Float
  /// The least distance.
  let least: Float
  /// The distance of a row at a right angle to the query.
  let unit: Float

  /// The squared distance of a rank.
  @inline(__always)
  func distance(_ rank: Float) -> Float { max(rank - zero, least) }
}
