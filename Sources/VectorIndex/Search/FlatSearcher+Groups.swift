extension FlatSearcher {
  /// The *k* groups whose nearest rows come first, each with its best rows and the count of all that qualify.
  ///
  /// Two passes. The first finds the groups: rows of one group compete for one place, so that *k* are found wherever there are *k*. The second
  /// scores every row of the winners, so that counts are of all and not of those that happened to be near.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - k: How many groups, at least 1.
  ///   - size: How many rows of each to show, at least 1.
  ///   - limit: The greatest distance at which a row qualifies; infinity for none.
  ///   - selection: Which rows are looked at.
  ///   - excluded: A row that is left out.
  /// - Returns: One list of groups a query, in the order of their best rows.
  /// - Complexity: O(*queries* · *rows* · *d*).
  public func groups(
    _ queries: PreparedQueries, k: Int, size: Int, within limit: Float = .infinity, in selection: RowSelection,
    excluding excluded: Ordinal? = nil
  ) -> [[NeighborGroup]] {
    let order = ResultOrder(keys: snapshot.keys)
    let winners = collect(queries, in: selection) { _ in
      GroupCollector(k: k, limit: limit, order: order, groups: snapshot.works, excluding: excluded)
    }
    return groups(of: winners, queries, k: k, size: size, within: limit, in: selection, excluding: excluded)
  }

  /// The second pass: the groups that were found, with all their rows.
  func groups(
    of winners: [GroupCollector], _ queries: PreparedQueries, k: Int, size: Int, within limit: Float,
    in selection: RowSelection, excluding excluded: Ordinal?
  ) -> [[NeighborGroup]] {
    let order = ResultOrder(keys: snapshot.keys)
    let rows = rows(ofGroups: winners.lazy.flatMap(\.best), in: selection)
    return winners.enumerated().map { query, collector in
      let found = collector.best.compactMap { _, group in
        members(rows[group] ?? [], of: queries, query, within: limit, size: size, order, excluding: excluded)
      }
      // A group that the excluded row led may have moved back, or gone.
      return Array(found.sorted { order.precedes($0.best[0], $1.best[0]) }.prefix(k))
    }
  }

  /// The rows of every group that some query found, by one pass over the column of groups.
  ///
  /// - Complexity: O(rows + winners); a row costs the test of one bit.
  func rows(
    ofGroups winners: some Sequence<(neighbor: Neighbor, group: UInt32)>, in selection: RowSelection
  ) -> [UInt32: [UInt32]] {
    var rows: [UInt32: [UInt32]] = [:]
    var shared: [UInt32] = []
    for (neighbor, group) in winners where rows[group] == nil {
      let isAlone = snapshot.works.group(of: neighbor.ordinal) == nil
      rows[group] = isAlone ? [neighbor.ordinal] : []
      if !isAlone { shared.append(group) }
    }
    var wanted = Bitmap(count: shared.max().map { Int($0) + 1 } ?? 0)
    for group in shared { wanted.insert(group) }
    selection.forEach { ordinal in
      let group = snapshot.works[ordinal]
      if wanted[group] { rows[group, default: []].append(ordinal) }
    }
    return rows
  }

  func members(
    _ rows: [UInt32], of queries: PreparedQueries, _ query: Int, within limit: Float, size: Int, _ order: ResultOrder,
    excluding excluded: Ordinal?
  ) -> NeighborGroup? {
    // No larger than the group: a hundred thousand of them may be kept.
    var collector = NearestCollector(k: max(1, min(size, rows.count)), limit: limit, order: order)
    var count = 0
    for neighbor in distances(of: rows, to: queries, query)
    where neighbor.distance <= limit && neighbor.ordinal != excluded?.rawValue {
      collector.offer(neighbor)
      count += 1
    }
    guard count > 0 else { return nil }
    let best = collector.takeSorted()
    return NeighborGroup(group: snapshot.works.group(of: best[0].ordinal), best: best, count: count)
  }

  private func distances(of rows: [UInt32], to queries: PreparedQueries, _ query: Int) -> [Neighbor] {
    let distances = unsafe [Float](unsafeUninitializedCapacity: rows.count) { buffer, initialised in
      initialised = rows.count
      guard let out = buffer.baseAddress else { return }
      unsafe rows.withUnsafeBufferPointer { ordinals in
        guard let ordinals = ordinals.baseAddress else { return }
        // SAFETY: the ordinals come from a selection of this snapshot; the buffer has room for one distance each.
        let scorer = unsafe ExactScorer(queries, query: query, rows: snapshot.rows)
        unsafe scorer.distances(of: ordinals, count: rows.count, into: out)
      }
    }
    return zip(distances, rows).map { Neighbor(distance: $0, ordinal: $1) }
  }
}
