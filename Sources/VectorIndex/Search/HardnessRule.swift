/// How far a walk goes, and how much of it is scored exactly, by how hard the query turns out to be.
///
/// Between the hardnesses that were measured everything is linear; before the first and after the last it is constant.
public struct HardnessRule: Hashable, Sendable {
  /// A hardness, and what queries of it need.
  struct Knot: Hashable, Sendable {
    var hardness: Float
    /// How far walks go; see ``SearchHorizon``.
    var slack: Float
    /// How many of the nearest rows by code are scored exactly.
    var rescored: Int
  }

  /// Ascending by hardness, at least one.
  let knots: [Knot]
  /// Says how hard a query is.
  let model: HardnessModel
  /// The greatest slack of any query.
  let greatestSlack: Float

  /// A rule through knots, at least one, ascending by hardness.
  init(_ knots: [Knot], model: HardnessModel) {
    precondition(!knots.isEmpty)
    self.knots = knots
    self.model = model
    greatestSlack = knots.reduce(-1) { max($0, $1.slack) }
  }

  /// The least and the greatest slack, for people.
  public var slacks: ClosedRange<Float> { (knots.map(\.slack).min() ?? 0)...greatestSlack }

  /// What a query with some traits needs.
  func knot(_ traits: QueryTraits) -> Knot {
    let hardness = model.hardness(of: traits)
    guard let upper = knots.firstIndex(where: { $0.hardness >= hardness }) else { return knots[knots.count - 1] }
    guard upper > 0 else { return knots[0] }
    let (low, high) = (knots[upper - 1], knots[upper])
    let share = (hardness - low.hardness) / (high.hardness - low.hardness)
    return Knot(
      hardness: hardness, slack: low.slack + (high.slack - low.slack) * share,
      rescored: Int((Float(low.rescored) + Float(high.rescored - low.rescored) * share).rounded(.up)))
  }
}
