/// How a search was done; see ``QueryPlanner``.
public enum SearchPlan: String, CaseIterable, Hashable, Sendable {
  /// The rows of every item that may be answered were compared.
  case exact
  /// The codes of every item that may be answered were compared, and the rows of the best.
  case scan
  /// The graph was walked.
  case walk
  /// The graph was walked with a filter.
  case filteredWalk = "filtered_walk"
}
