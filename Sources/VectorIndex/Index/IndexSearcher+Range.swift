/// What lies within a distance of one query, and how that was found.
public struct RangeAnswer: Sendable {
  /// The rows, in the order of results.
  public var neighbors: [Neighbor]
  /// Whether every row within the distance is among them, for certain; a walk cannot be certain.
  public var isComplete: Bool
  /// How they were found.
  public var plan: SearchPlan
  /// What that cost; of exact plans nothing is counted.
  public var cost: WalkCost
}

extension IndexSearcher {
  /// The rows within a distance of every query, up to a limit.
  ///
  /// A walk, then a flood that expands whatever its code says is in range, with a margin of what codes were seen to be off by. Where a
  /// filter leaves so little that a search for ten rows would not walk either, all rows are compared, and the answer is complete.
  ///
  /// - Parameters:
  ///   - distance: The greatest distance of a row.
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - limit: How many rows to answer for each query, at least 1; the nearest of those that were found.
  ///   - effort: How hard to try; an exact search is complete.
  ///   - filter: The rows that may be answered, live ones only; nil for every live row.
  ///   - excluded: A row that is left out.
  /// - Returns: One answer a query.
  public func within(
    _ distance: Float, of queries: PreparedQueries, limit: Int, effort: SearchEffort = .standard,
    filter: SearchFilter? = nil, excluding excluded: Ordinal? = nil
  ) -> [RangeAnswer] {
    let filter = filter ?? liveRows
    let terms = Terms(k: 10, limit: distance, filter: filter, excluded: excluded)
    guard let index = snapshot.graph, let flood = RangeSearch(self, index, terms, effort, limit: limit) else {
      return flat.matches(
        queries, within: distance, in: selection(of: filter), limit: limit, excluding: excluded
      ).map { RangeAnswer(neighbors: $0.matches, isComplete: $0.complete, plan: .exact, cost: WalkCost()) }
    }
    return flood.run(queries)
  }
}

extension IndexSearcher {
  /// Everything within a distance of each query: complete, because every row is compared; see ``FlatSearcher``.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - distance: The greatest distance of a match.
  ///   - filter: The rows that may be answered, live ones only; nil for every live row.
  ///   - limit: How many matches to keep for each query, at least 1.
  ///   - start: Where the first query's matches go on: after this one.
  ///   - excluded: A row that is left out.
  /// - Returns: One list a query, in the order of results, and whether it holds every match.
  public func matches(
    _ queries: PreparedQueries, within distance: Float, filter: SearchFilter? = nil, limit: Int,
    after start: Neighbor? = nil, excluding excluded: Ordinal? = nil
  ) -> [(matches: [Neighbor], complete: Bool)] {
    flat.matches(
      queries, within: distance, in: selection(of: filter ?? liveRows), limit: limit, after: start, excluding: excluded)
  }

  /// Groups with a row within a distance, each with its best rows and the count of all of them: complete, up to limits that are said when
  /// they were reached; see ``FlatSearcher``.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - size: How many rows of each to show, at least 1.
  ///   - distance: The greatest distance of a match.
  ///   - filter: The rows that may be answered, live ones only; nil for every live row.
  ///   - limit: How many groups to answer for all queries together, those of the first queries first.
  ///   - rows: How many rows of groups to answer for all queries together.
  ///   - excluded: A row that is left out.
  /// - Returns: One answer a query.
  public func matchingGroups(
    _ queries: PreparedQueries, size: Int, within distance: Float, filter: SearchFilter? = nil, limit: Int,
    rows: Int = .max, excluding excluded: Ordinal? = nil
  ) -> [GroupMatches] {
    flat.matchingGroups(
      queries, size: size, within: distance, in: selection(of: filter ?? liveRows), limit: limit, rows: rows,
      excluding: excluded)
  }
}
