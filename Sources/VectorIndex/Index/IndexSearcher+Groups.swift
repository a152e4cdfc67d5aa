/// Groups that a search found for one query, and how.
public struct GroupAnswer: Sendable {
  /// The groups, in the order of their best rows.
  public var groups: [NeighborGroup]
  /// How they were found.
  public var plan: SearchPlan
}

extension IndexSearcher {
  /// The *k* groups whose nearest rows come first, each with its best rows and the count of all that qualify.
  ///
  /// Candidates are added until *k* groups are among them; where even the widest search does not find so many, every row is compared.
  /// The rows of the groups that were found are all scored, so that counts and best rows are right whatever the plan was.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - k: How many groups, at least 1.
  ///   - size: How many rows of each to show, at least 1.
  ///   - effort: How hard to try.
  ///   - limit: The greatest distance at which a row qualifies; infinity for none.
  ///   - filter: The rows that may be answered, live ones only; nil for every live row.
  ///   - excluded: A row that is left out.
  /// - Returns: One answer a query.
  public func groups(
    _ queries: PreparedQueries, k: Int, size: Int, effort: SearchEffort = .standard, within limit: Float = .infinity,
    filter: SearchFilter? = nil, excluding excluded: Ordinal? = nil
  ) -> [GroupAnswer] {
    let filter = filter ?? liveRows
    let selection = selection(of: filter)
    let terms = Terms(k: k, limit: limit, filter: filter, excluded: excluded, isGrouped: true)
    if let index = snapshot.graph, let search = ApproximateSearch(self, index, terms, effort) {
      let order = ResultOrder(keys: snapshot.keys)
      let found = search.run(queries) {
        GroupCollector(k: k, limit: limit, order: order, groups: snapshot.works)
      }
      if found.allSatisfy(\.isSettled) {
        let groups = flat.groups(
          of: found.map(\.collector), queries, k: k, size: size, within: limit, in: selection, excluding: excluded)
        return zip(groups, found).map { GroupAnswer(groups: $0, plan: $1.plan) }
      }
    }
    return flat.groups(queries, k: k, size: size, within: limit, in: selection, excluding: excluded).map {
      GroupAnswer(groups: $0, plan: .exact)
    }
  }
}
