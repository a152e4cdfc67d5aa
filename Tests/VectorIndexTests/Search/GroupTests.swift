import TestSupport
import Testing
import VectorIndex

@Suite struct GroupTests {
  /// Groups of rows by a table: sort everything, then group; what a caller could do with all rows in hand.
  private func oracle(_ all: [Neighbor], works: [UInt32?], k: Int, size: Int, within limit: Float) -> [(
    UInt32?, [Neighbor], Int
  )] {
    var groups: [(UInt32?, [Neighbor])] = []
    for neighbor in all where neighbor.distance <= limit {
      let work = works[Int(neighbor.ordinal)]
      if let work, let known = groups.firstIndex(where: { $0.0 == work }) {
        groups[known].1.append(neighbor)
      } else {
        groups.append((work, [neighbor]))
      }
    }
    return groups.prefix(k).map { ($0.0, Array($0.1.prefix(size)), $0.1.count) }
  }

  @Test(arguments: Metric.allCases, [1, 25])
  func groupsAreFoundInsideTheSearch(metric: Metric, queryCount: Int) throws {
    var random = SeededGenerator(seed: 21)
    let count = 2200
    // One work owns half of the rows, some rows belong to none.
    let works = (0..<count).map { row -> UInt32? in
      if row % 2 == 0 { return 1 }
      return row % 11 == 0 ? nil : UInt32(row % 97) + 2
    }
    let fixture = try IndexFixture(random.vectors(count, dimension: 19), dimension: 19, metric: metric, works: works)
    let queries = try fixture.queries(random.vectors(queryCount, dimension: 19))
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    let all = searcher.nearest(queries, k: count, in: fixture.everything)
    for limit in [Float.infinity, all[0][300].distance] {
      let found = searcher.groups(queries, k: 12, size: 3, within: limit, in: fixture.everything)
      for query in 0..<queryCount {
        let expected = oracle(all[query], works: works, k: 12, size: 3, within: limit)
        #expect(found[query].map(\.group) == expected.map(\.0))
        #expect(found[query].map(\.best) == expected.map(\.1))
        #expect(found[query].map(\.count) == expected.map(\.2))
      }
    }
  }

  @Test func anExcludedRowMayLeadItsGroup() throws {
    var random = SeededGenerator(seed: 22)
    let works: [UInt32?] = (0..<60).map { UInt32($0 / 3) + 1 }
    let fixture = try IndexFixture(random.vectors(60, dimension: 8), dimension: 8, metric: .cosine, works: works)
    let queries = try fixture.queries(fixture.snapshot.rows.row(Ordinal(30)))
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    let all = searcher.nearest(queries, k: 60, in: fixture.everything).map { $0.filter { $0.ordinal != 30 } }
    let found = searcher.groups(queries, k: 4, size: 2, in: fixture.everything, excluding: Ordinal(30))[0]
    let expected = oracle(all[0], works: works, k: 4, size: 2, within: .infinity)
    #expect(found.map(\.group) == expected.map(\.0))
    #expect(found.map(\.count) == expected.map(\.2))
  }
}
