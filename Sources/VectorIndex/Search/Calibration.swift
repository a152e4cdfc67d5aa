/// Which beam reaches which recall, as measured when the index was built.
///
/// So callers ask for a recall and need not know what a beam is.
public struct Calibration: Hashable, Sendable {
  /// A beam and what it found of the true neighbours, on average.
  struct Point: Hashable, Sendable {
    var width: Int
    var recall: Double
  }

  /// What was measured for one *k*.
  struct Curve: Hashable, Sendable {
    var k: Int
    /// Ascending by width; recall never falls.
    var points: [Point]
  }

  /// A slack and what it found.
  struct SlackPoint: Hashable, Sendable {
    var slack: Float
    var recall: Double
    /// How many of the first rows of the beam have to be scored so that next to nothing of that is lost.
    var rescored: Int
    /// How wide beams became, with room for harder queries.
    var width: Int
  }

  /// What was measured for one *k*, with beams that the query widens.
  struct SlackCurve: Hashable, Sendable {
    var k: Int
    /// Ascending by slack; recall never falls.
    var points: [SlackPoint]
  }

  /// Ascending by *k*.
  let curves: [Curve]
  /// Ascending by *k*.
  let slackCurves: [SlackCurve]

  /// The widest beam that is ever chosen.
  static let maximumWidth = 2048

  /// How much of what a caller lets be missed is aimed at: real queries are a little harder than those of a build.
  private static let prudence = 0.8

  private static func aim(_ targetRecall: Double) -> Double { 1 - (1 - targetRecall) * prudence }

  /// The beam for a recall.
  ///
  /// Between measured beams the logarithm of what is missed is taken to be linear. For a *k* that was not measured the next larger one
  /// stands; beyond the largest the beam grows with *k*.
  ///
  /// - Parameters:
  ///   - k: How many neighbours are asked for.
  ///   - targetRecall: Which share of them has to be found on average, 0 to 1.
  ///   - selectivity: Which share of the rows may be answered: the beam is that of so many more neighbours.
  /// - Returns: A width from `k` to 2,048 (or `k`, where that is more).
  public func width(k: Int, targetRecall: Double, selectivity: Double = 1) -> Int {
    let wanted = max(Int((Double(k) / max(selectivity, 1e-3)).rounded(.up)), 1)
    guard let curve = curves.first(where: { $0.k >= wanted }) ?? curves.last else { return max(2 * wanted, 64) }
    let growth = max(Double(wanted) / Double(curve.k), 1)
    let width = Self.width(on: curve, reaching: Self.aim(targetRecall))
    return max(min(Int((Double(width) * growth).rounded(.up)), Self.maximumWidth), k)
  }

  /// The effort for a recall, in a search without a filter.
  ///
  /// - Parameters:
  ///   - k: How many neighbours are asked for.
  ///   - targetRecall: Which share of them has to be found on average, 0 to 1.
  /// - Returns: A beam that adapts itself to the query where that was measured for such a *k*, else one of fixed width.
  public func effort(k: Int, targetRecall: Double) -> WalkEffort {
    guard let upper = slackCurves.firstIndex(where: { $0.k >= k }),
      let found = Self.point(on: slackCurves[upper], reaching: Self.aim(targetRecall))
    else { return WalkEffort(beamWidth: width(k: k, targetRecall: targetRecall)) }
    // The distance of a nearer neighbour is smaller, and so is what the slack allows.
    let lower =
      upper > 0 && slackCurves[upper].k > k
      ? Self.point(on: slackCurves[upper - 1], reaching: Self.aim(targetRecall)) : nil
    return WalkEffort(
      width: max(found.width, k), slack: max(found.slack, lower?.slack ?? 0), rescored: max(found.rescored, k))
  }

  private static func point(on curve: SlackCurve, reaching target: Double) -> SlackPoint? {
    guard let index = curve.points.firstIndex(where: { $0.recall >= target }) else { return nil }
    let high = curve.points[index]
    guard index > 0 else { return high }
    let low = curve.points[index - 1]
    let share = Self.share(low.recall, high.recall, target)
    func between(_ a: Int, _ b: Int) -> Int { a + Int((Double(b - a) * share).rounded(.up)) }
    return SlackPoint(
      slack: low.slack + (high.slack - low.slack) * Float(share), recall: target,
      rescored: between(low.rescored, high.rescored), width: high.width)
  }

  /// Where between two measured recalls a target lies, 0 to 1.
  private static func share(_ low: Double, _ high: Double, _ target: Double) -> Double {
    let (lowMiss, highMiss) = (max(1 - low, 1e-6), max(1 - high, 1e-6))
    guard lowMiss > highMiss else { return 1 }
    let share = (lowMiss.logarithm - max(1 - target, 1e-6).logarithm) / (lowMiss.logarithm - highMiss.logarithm)
    return min(max(share, 0), 1)
  }

  private static func width(on curve: Curve, reaching target: Double) -> Int {
    guard let upper = curve.points.firstIndex(where: { $0.recall >= target }) else {
      return min((curve.points.last?.width ?? curve.k) * 2, maximumWidth)
    }
    guard upper > 0 else { return curve.points[0].width }
    let (low, high) = (curve.points[upper - 1], curve.points[upper])
    let share = Self.share(low.recall, high.recall, target)
    return low.width + Int((Double(high.width - low.width) * share).rounded(.up))
  }
}

extension Double {
  /// The binary logarithm of a positive number, to four digits: the core has no mathematics library, and needs none.
  fileprivate var logarithm: Double {
    // log2(m) on [1, 2) by the first terms of its series in (m - 1) / (m + 1).
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    let series = ratio * (1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square / 9))))
    return Double(exponent) + series * 2.885_390_081_777_927
  }
}
