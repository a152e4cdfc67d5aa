/// How hard a search tries.
public enum SearchEffort: Hashable, Sendable {
  /// Every row that may be answered is looked at.
  case exact
  /// A walk keeps so many candidates (elsewhere ef or L).
  case beamWidth(Int)
  /// So large a share of the true neighbours is found on average, as measured when the index was built.
  case targetRecall(Double)

  /// What callers get who do not say.
  public static let standard = SearchEffort.targetRecall(0.99)
}
