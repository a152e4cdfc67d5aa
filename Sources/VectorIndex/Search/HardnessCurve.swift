/// What was measured for one *k*, with walks that the query ends: which slack reaches which recall, by how hard queries are.
struct HardnessCurve: Hashable, Sendable {
  /// How far walks may go, and what that found.
  struct Point: Hashable, Sendable {
    var slack: Float
    var recall: Double
    /// How many of the first rows of the beam have to be scored so that next to nothing of that is lost.
    var rescored: Int
  }

  /// What was measured for queries of about one hardness.
  struct Bin: Hashable, Sendable {
    /// That of these queries, on average.
    var hardness: Float
    /// How many neighbours they had in all.
    var sought: Int
    /// Ascending by slack, at least one; recall never falls.
    var points: [Point]
  }

  var k: Int
  /// Says how hard a query is.
  var model: HardnessModel
  /// All queries together.
  var whole: Bin
  /// Ascending by hardness, at least one.
  var bins: [Bin]

  /// As many misses in a bin as make its own measurement count as much as that of all queries.
  private static let equalMisses = 10.0

  /// What queries of each hardness need for a recall.
  ///
  /// The fewer misses a target leaves in a bin the less can be told from them, and the more counts what all queries together need: near
  /// recall 1 every bin has a few neighbours that hardly any slack finds, and walks of its queries would all go far for them. Shrinkage
  /// towards the common estimate, as in empirical Bayes (Efron and Morris 1975).
  ///
  /// - Parameter target: Which share of the neighbours has to be found on average.
  /// - Returns: A knot a bin.
  func knots(reaching target: Double) -> [HardnessRule.Knot] {
    let common = whole.slack(reaching: target)
    return bins.map { bin in
      let misses = Double(bin.sought) * (1 - target)
      let weight = Float(misses / (misses + Self.equalMisses))
      let slack = common + (bin.slack(reaching: target) - common) * weight
      return HardnessRule.Knot(hardness: bin.hardness, slack: slack, rescored: bin.rescored(at: slack))
    }
  }
}

extension HardnessCurve.Bin {
  /// The slack that reaches a recall, or the last one where none does.
  ///
  /// Between measured slacks the logarithm of what is missed is linear.
  func slack(reaching target: Double) -> Float {
    let upper = points.firstIndex { $0.recall >= target } ?? points.count - 1
    let (low, high) = (points[max(upper - 1, 0)], points[upper])
    return low.slack + (high.slack - low.slack) * Float(Calibration.share(low.recall, high.recall, target))
  }

  /// How many rows have to be scored after a walk with a slack.
  func rescored(at slack: Float) -> Int {
    guard let upper = points.firstIndex(where: { $0.slack >= slack }) else { return points[points.count - 1].rescored }
    guard upper > 0 else { return points[0].rescored }
    let (low, high) = (points[upper - 1], points[upper])
    let share = (slack - low.slack) / (high.slack - low.slack)
    return Int((Float(low.rescored) + Float(high.rescored - low.rescored) * share).rounded(.up))
  }
}
