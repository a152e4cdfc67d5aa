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

  /// Ascending by *k*.
  let curves: [Curve]

  /// The widest beam that is ever chosen.
  static let maximumWidth = 2048

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
    let width = Self.width(on: curve, reaching: targetRecall)
    return max(min(Int((Double(width) * growth).rounded(.up)), Self.maximumWidth), k)
  }

  private static func width(on curve: Curve, reaching target: Double) -> Int {
    guard let upper = curve.points.firstIndex(where: { $0.recall >= target }) else {
      return min((curve.points.last?.width ?? curve.k) * 2, maximumWidth)
    }
    guard upper > 0 else { return curve.points[0].width }
    let (low, high) = (curve.points[upper - 1], curve.points[upper])
    let (lowMiss, highMiss) = (max(1 - low.recall, 1e-6), max(1 - high.recall, 1e-6))
    guard lowMiss > highMiss else { return high.width }
    let share = (lowMiss.logarithm - max(1 - target, 1e-6).logarithm) / (lowMiss.logarithm - highMiss.logarithm)
    return low.width + Int((Double(high.width - low.width) * min(max(share, 0), 1)).rounded(.up))
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
