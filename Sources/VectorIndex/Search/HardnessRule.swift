/// How far a walk goes, and how much of it is scored exactly, by how hard the query turns out to be.
///
/// A query is hard where many rows are almost equally near. Its *contrast*, the squared distance of the *k*-th best over that of a much later
/// row (the 40th for ten), says so as soon as a walk has come to where the best are: near 1 there is no telling who is nearest. Between the contrasts that were
/// measured everything is linear; before the first and after the last it is constant.
public struct HardnessRule: Hashable, Sendable {
  /// A contrast, and what queries of it need.
  struct Knot: Hashable, Sendable {
    var contrast: Float
    /// By how much the squared distance of what a walk expands may exceed that of the *k*-th best, 0.2 for a fifth.
    var slack: Float
    /// How many of the nearest rows by code are scored exactly.
    var rescored: Int
  }

  /// Ascending by contrast, at least one.
  let knots: [Knot]
  /// The greatest slack of any query.
  let greatestSlack: Float

  /// A rule through knots, at least one, ascending by contrast.
  init(_ knots: [Knot]) {
    precondition(!knots.isEmpty)
    self.knots = knots
    greatestSlack = knots.reduce(0) { max($0, $1.slack) }
  }

  /// The slack for the hardest and for the easiest queries, for people.
  public var slacks: ClosedRange<Float> { (knots.map(\.slack).min() ?? 0)...greatestSlack }

  /// What a query of some contrast needs.
  func knot(_ contrast: Float) -> Knot {
    guard let upper = knots.firstIndex(where: { $0.contrast >= contrast }) else { return knots[knots.count - 1] }
    guard upper > 0 else { return knots[0] }
    let (low, high) = (knots[upper - 1], knots[upper])
    let share = (contrast - low.contrast) / (high.contrast - low.contrast)
    return Knot(
      contrast: contrast, slack: low.slack + (high.slack - low.slack) * share,
      rescored: Int((Float(low.rescored) + Float(high.rescored - low.rescored) * share).rounded(.up)))
  }
}
