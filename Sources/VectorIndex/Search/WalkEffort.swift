/// How far a walk goes and what of it is scored exactly.
public struct WalkEffort: Hashable, Sendable {
  /// The most rows that the beam keeps (elsewhere ef or L).
  public var width: Int
  /// By how much the squared distance of what is expanded may exceed that of the *k*-th best; infinity where the width alone decides.
  public var slack: Float
  /// How many rows of the beam are scored exactly.
  public var rescored: Int

  /// A walk with a beam of fixed width, all of which is scored exactly.
  public init(beamWidth: Int) {
    self.init(width: beamWidth, slack: .infinity, rescored: beamWidth)
  }

  init(width: Int, slack: Float, rescored: Int) {
    self.width = width
    self.slack = slack
    self.rescored = rescored
  }

  /// Where the walk ends, for ranks of a scorer.
  func horizon(k: Int, _ scorer: CodeScorer) -> SearchHorizon {
    // SAFETY: the rank is a number that was set when the scorer was bound.
    slack == .infinity ? .none : SearchHorizon(k: k, slack: slack, zero: unsafe scorer.zeroRank)
  }
}
