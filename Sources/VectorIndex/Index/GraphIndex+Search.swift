extension GraphIndex {
  /// The nearest rows to a query by one walk, scored exactly.
  ///
  /// Any row of the graph may be answered: removed rows, filters and rows beyond the graph are the business of ``IndexSearcher``.
  ///
  /// - Parameters:
  ///   - queries: Of the index's dimension and metric.
  ///   - query: Which of them.
  ///   - k: How many.
  ///   - effort: How far to walk.
  ///   - snapshot: Holds the rows.
  ///   - cost: Gains what the walk cost.
  /// - Returns: At most `k` rows in the order of results.
  public func nearest(
    _ queries: PreparedQueries, query: Int, k: Int, effort: WalkEffort, in snapshot: IndexSnapshot, cost: inout WalkCost
  ) -> [Neighbor] {
    scratches.withScratch(for: self) { scratch in
      // SAFETY: queries, codes and scratch outlive the scorers; ordinals and distances have room for the widest beam, whose rows are
      // rows of the graph and so of the snapshot.
      let scorer = unsafe CodeScorer(queries.pointer(to: query), codes: codes, scratch: scratch.query)
      unsafe scratch.searcher.walk(graph, towards: scorer, width: effort.width, horizon: effort.horizon(k: k, scorer))
      let count = effort.rescored(k: k, scratch.searcher.beam)
      for place in 0..<count { unsafe scratch.ordinals.base[place] = scratch.searcher.beam.ordinal(at: place) }
      let exact = unsafe ExactScorer(queries, query: query, rows: snapshot.rows)
      unsafe exact.distances(of: scratch.ordinals.base, count: count, into: scratch.distances.base)
      var collector = NearestCollector(k: k, order: ResultOrder(keys: snapshot.keys))
      for place in 0..<count {
        let neighbor = unsafe Neighbor(
          distance: scratch.distances.base[place], ordinal: scratch.ordinals.base[place])
        if neighbor.distance <= collector.bound { collector.offer(neighbor) }
        var copy = graph.copies.after(neighbor.ordinal)
        while let row = copy {
          collector.offer(Neighbor(distance: neighbor.distance, ordinal: row))
          copy = graph.copies.after(row)
        }
      }
      cost.add(scratch.searcher.cost)
      cost.rescored += count
      return collector.takeSorted()
    }
  }
}
