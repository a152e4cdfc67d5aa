/// The groups that match one query.
public struct GroupMatches: Sendable {
  /// Groups with a row within the distance, in the order of their best rows.
  public var groups: [NeighborGroup]
  /// Whether those are all.
  public var isComplete: Bool
}

extension FlatSearcher {
  /// Groups with a row within a distance, each with its best rows and the count of all of them: complete, up to limits that are said when
  /// they were reached.
  ///
  /// Two passes, as in ``groups(_:k:size:within:in:excluding:)``: the first keeps the best row of as many groups as may be answered, and not every
  /// match; the second counts the rows of those that are.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - size: How many rows of each group to show, at least 1.
  ///   - distance: The greatest distance of a match.
  ///   - selection: Which rows are looked at.
  ///   - limit: How many groups to answer for all queries together, those of the first queries first; with 0 it is only told whether there are
  ///     any.
  ///   - rows: How many rows of groups to answer for all queries together; a group that does not fit ends the answer.
  ///   - excluded: A row that is left out.
  /// - Returns: One answer a query.
  /// - Complexity: O(*queries* · *rows* · *d*), in memory for ``BestOfGroups/capacity(k:)`` groups a query and worker.
  public func matchingGroups(
    _ queries: PreparedQueries, size: Int, within distance: Float, in selection: RowSelection, limit: Int,
    rows: Int = .max, excluding excluded: Ordinal? = nil
  ) -> [GroupMatches] {
    let order = ResultOrder(keys: snapshot.keys)
    let found = collect(queries, in: selection) { _ in
      BestOfGroups(
        k: min(limit, snapshot.count) + 1, limit: distance, order: order, groups: snapshot.works, excluding: excluded)
    }
    var room = limit
    let winners = found.map { collector in
      let all = collector.sorted()
      let shown = Array(all.prefix(room))
      room -= shown.count
      return (shown: shown, isComplete: shown.count == all.count)
    }
    // A row without a group is one of its own: its distance is known, and nothing else belongs to it.
    let shared = winners.lazy.flatMap(\.shown).filter { snapshot.works.group(of: $0.neighbor.ordinal) != nil }
    let rowsOfGroups = self.rows(ofGroups: shared, in: selection)
    var rowRoom = rows
    return winners.enumerated().map { query, winners in
      var matches = GroupMatches(groups: [], isComplete: winners.isComplete)
      for (neighbor, group) in winners.shown {
        let members = rowsOfGroups[group].flatMap {
          self.members($0, of: queries, query, within: distance, size: size, order, excluding: excluded)
        }
        let matching = members ?? NeighborGroup(group: nil, best: [neighbor], count: 1)
        guard matching.best.count <= rowRoom else {
          (rowRoom, matches.isComplete) = (0, false)
          break
        }
        rowRoom -= matching.best.count
        matches.groups.append(matching)
      }
      return matches
    }
  }
}
