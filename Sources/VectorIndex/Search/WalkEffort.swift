/// How far a walk goes and what of it is scored exactly.
public struct WalkEffort: Hashable, Sendable {
  /// The most rows that the beam keeps (elsewhere ef or L).
  public var width: Int
  /// Lets the query decide where the walk ends and how much is scored; nil where the width alone decides.
  public var rule: HardnessRule?

  /// A walk with a beam of fixed width, all of which is scored exactly.
  public init(beamWidth: Int) {
    width = beamWidth
  }

  init(width: Int, rule: HardnessRule) {
    self.width = width
    self.rule = rule
  }

  /// Where the walk ends, for ranks of a scorer.
  func horizon(k: Int, _ scorer: CodeScorer) -> SearchHorizon {
    // SAFETY: the scale is made of numbers alone.
    rule.map { SearchHorizon(k: k, rule: $0, scale: unsafe scorer.rankScale) } ?? .none
  }

  /// How many of a beam's first rows are scored exactly.
  func rescored(k: Int, _ beam: borrowing CandidateBeam) -> Int {
    guard let rule else { return beam.count }
    return min(max(rule.knot(beam.traits).rescored, k), beam.count)
  }
}
