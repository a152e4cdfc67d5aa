import VectorIndex

extension SearchPlan {
  /// Greater for plans that may miss more, from 0; also the plan's place in tables.
  var uncertainty: Int {
    switch self {
    case .exact: 0
    case .scan: 1
    case .walk: 2
    case .filteredWalk: 3
    }
  }
}
