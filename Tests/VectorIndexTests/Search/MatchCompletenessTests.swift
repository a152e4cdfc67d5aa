import TestSupport
import Testing
import VectorIndex

/// An answer that says it is complete holds what the model holds: at every limit, by vector and by a row that is left out, page by page.
@Suite struct MatchCompletenessTests {
  private static let rows = 60
  /// Few queries are scanned, many go through products.
  private static let queryCounts = [1, 9]

  /// Vectors of which a third are copies of row 7, under keys that sort otherwise than they arrive.
  private func fixture(_ metric: Metric, seed: UInt64) throws -> IndexFixture {
    var random = SeededGenerator(seed: seed)
    var vectors: [Float] = random.vectors(Self.rows, dimension: 12)
    for row in stride(from: 1, to: Self.rows, by: 3) {
      vectors.replaceSubrange(row * 12..<(row + 1) * 12, with: Array(vectors[7 * 12..<8 * 12]))
    }
    var works: [UInt32?] = []
    for row in 0..<UInt32(Self.rows) { works.append(row % 5 == 0 ? nil : row * row % 11 + 1) }
    let keys: [String] = (0..<Self.rows).map { row in "k\(row * 37 % Self.rows)" }
    return try IndexFixture(vectors, dimension: 12, metric: metric, keys: keys, works: works)
  }

  /// Every row but the excluded one, as many times as there are queries.
  private func model(
    _ fixture: IndexFixture, _ queries: PreparedQueries, within distance: Float, excluding excluded: Ordinal?
  ) -> [[Neighbor]] {
    FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
      .nearest(queries, k: Self.rows, in: fixture.everything)
      .map { $0.filter { $0.distance <= distance && $0.ordinal != excluded?.rawValue } }
  }

  private func queries(_ fixture: IndexFixture, _ count: Int) throws -> PreparedQueries {
    let row = fixture.snapshot.rows.row(Ordinal(7))
    return try fixture.queries(Array((0..<count).map { _ in row }.joined()))
  }

  /// A threshold at which the copies of row 7 tie, one in the midst of the others, and none.
  private func thresholds(_ model: [Neighbor]) -> [Float] {
    [model[0].distance, model[model.count / 2].distance, model[model.count - 1].distance, .infinity]
  }

  @Test(arguments: Metric.allCases, queryCounts)
  func completeMeansEqualToTheModelAtEveryLimit(metric: Metric, queryCount: Int) throws {
    let fixture = try fixture(metric, seed: 31)
    let queries = try queries(fixture, queryCount)
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 3))
    for excluded in [nil, Ordinal(7), Ordinal(8)] {
      let everything = model(fixture, queries, within: .infinity, excluding: excluded)
      for threshold in thresholds(everything[0]) {
        let expected = model(fixture, queries, within: threshold, excluding: excluded)
        for limit in 1...Self.rows + 1 {
          let found = searcher.matches(
            queries, within: threshold, in: fixture.everything, limit: limit, excluding: excluded)
          for (found, expected) in zip(found, expected) {
            #expect(found.complete == (expected.count <= limit))
            #expect(found.matches == Array(expected.prefix(limit)))
          }
          let nearest = searcher.nearest(
            queries, k: limit, within: threshold, in: fixture.everything, excluding: excluded)
          #expect(nearest == expected.map { Array($0.prefix(limit)) })
        }
      }
    }
  }

  @Test(arguments: Metric.allCases) func pagesHoldEveryMatchOnce(metric: Metric) throws {
    let fixture = try fixture(metric, seed: 32)
    let queries = try queries(fixture, 1)
    let searcher = IndexSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    var allowed = fixture.snapshot.live
    for ordinal in stride(from: UInt32(0), to: UInt32(Self.rows), by: 4) { allowed.remove(ordinal) }
    for (excluded, filter) in [(nil, nil), (Ordinal(7), nil), (Ordinal(7), SearchFilter(allowed: allowed))] {
      let everything = model(fixture, queries, within: .infinity, excluding: excluded)[0].filter {
        filter == nil || $0.ordinal % 4 != 0
      }
      for threshold in thresholds(everything) {
        let expected = everything.filter { $0.distance <= threshold }
        for limit in 1...expected.count + 1 {
          var paged: [Neighbor] = []
          var isComplete = false
          while !isComplete, paged.count <= Self.rows {
            let page = searcher.matches(
              queries, within: threshold, filter: filter, limit: limit, after: paged.last, excluding: excluded)[0]
            paged += page.matches
            isComplete = page.complete
            #expect(isComplete || page.matches.count == limit)
          }
          #expect(paged == expected, "limit \(limit)")
        }
      }
    }
  }

  // MARK: Groups

  private func groups(of matches: [Neighbor], _ fixture: IndexFixture, size: Int) -> [[Neighbor]] {
    var groups: [(work: UInt32?, rows: [Neighbor])] = []
    for neighbor in matches {
      let work = fixture.snapshot.works.group(of: neighbor.ordinal)
      if work != nil, let known = groups.firstIndex(where: { $0.work == work }) {
        groups[known].rows.append(neighbor)
      } else {
        groups.append((work, [neighbor]))
      }
    }
    return groups.map(\.rows)
  }

  @Test(arguments: Metric.allCases, queryCounts)
  func groupsAreCompleteAtEveryLimit(metric: Metric, queryCount: Int) throws {
    let fixture = try fixture(metric, seed: 33)
    let queries = try queries(fixture, queryCount)
    let searcher = IndexSearcher(fixture.snapshot, workers: WorkerPool(width: 3))
    for excluded in [nil, Ordinal(7)] {
      let everything = model(fixture, queries, within: .infinity, excluding: excluded)
      for threshold in thresholds(everything[0]) {
        let expected = model(fixture, queries, within: threshold, excluding: excluded)
          .map { groups(of: $0, fixture, size: 2) }
        let total = expected.reduce(0) { $0 + $1.count }
        for limit in 0...total + 1 {
          let found = searcher.matchingGroups(
            queries, size: 2, within: threshold, limit: limit, excluding: excluded)
          var room = limit
          for (found, expected) in zip(found, expected) {
            let shown = expected.prefix(room)
            #expect(found.isComplete == (shown.count == expected.count))
            #expect(found.groups.map(\.best) == shown.map { Array($0.prefix(2)) })
            #expect(found.groups.map(\.count) == shown.map(\.count))
            room -= shown.count
          }
        }
      }
    }
  }

  @Test func groupsEndWhereTheirRowsDoNotFit() throws {
    let fixture = try fixture(.cosine, seed: 34)
    let queries = try queries(fixture, 2)
    let searcher = IndexSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    let whole = searcher.matchingGroups(queries, size: 3, within: .infinity, limit: .max)
    let sizes = whole.flatMap { $0.groups.map(\.best.count) }
    for rows in 0...sizes.reduce(0, +) {
      var (expected, room) = (0, rows)
      while expected < sizes.count, sizes[expected] <= room {
        (room, expected) = (room - sizes[expected], expected + 1)
      }
      let found = searcher.matchingGroups(queries, size: 3, within: .infinity, limit: .max, rows: rows)
      #expect(found.reduce(0) { $0 + $1.groups.count } == expected)
      #expect(found.allSatisfy(\.isComplete) == (expected == sizes.count))
    }
  }

  // MARK: Memory

  /// What is held is counted: whatever is offered, it is no more than is said.
  @Test func groupsThatAreHeldAreBounded() throws {
    let count = 4000
    let fixture = try IndexFixture(
      (0..<count).map(Float.init), dimension: 1, metric: .euclidean, storage: .float32,
      works: (0..<count).map { row -> UInt32? in row % 2 == 0 ? nil : 5 })
    let order = ResultOrder(keys: fixture.snapshot.keys)
    var random = SeededGenerator(seed: 35)
    for k in [1, 2, 63, 64, 65, 500] {
      var collector = BestOfGroups(k: k, limit: .infinity, order: order, groups: fixture.snapshot.works)
      let offers = (0..<3 * count).map { _ in
        let row = UInt32.random(in: 0..<UInt32(count), using: &random)
        // A distance of the row's own, so that order and row agree.
        return Neighbor(distance: Float(row &* 2_654_435_761 % 1000), ordinal: row)
      }
      var most = 0
      for offer in offers {
        collector.offer(offer)
        most = max(most, collector.count)
      }
      #expect(most <= BestOfGroups.capacity(k: k) && most > k)
      var best: [UInt32?: Neighbor] = [:]
      var alone: Set<Neighbor> = []
      for offer in offers {
        guard let work = fixture.snapshot.works.group(of: offer.ordinal) else {
          alone.insert(offer)
          continue
        }
        if best[work].map({ order.precedes(offer, $0) }) ?? true { best[work] = offer }
      }
      let expected = (Array(best.values) + alone).sorted { order.precedes($0, $1) }.prefix(k)
      #expect(collector.sorted().map(\.neighbor) == Array(expected))
    }
  }

  /// Any legal request: what a block of queries may hold fits, or the block is a single query.
  @Test(arguments: [1, 10, 255, 256, 1000, 9999, 10_000, 65_535, 99_999, 100_000], [true, false])
  func blocksFitIntoMemory(limit: Int, isGrouped: Bool) {
    for rows in [0, 1, 1000, 20_000, 1_000_000, 100_000_000] {
      let queries = MatchMemory.queriesAtATime(limit: limit, rows: rows, isGrouped: isGrouped)
      let bytes = MatchMemory.bytesOfQuery(limit: limit, rows: rows, isGrouped: isGrouped)
      #expect(queries >= 1 && (queries == 1 || queries * bytes <= MatchMemory.bytes))
      #expect(bytes <= 8 << 20, "what a single query needs at most")
      // Each match that is kept, and what tells that there are more.
      #expect(bytes >= min(limit + 1, rows) * MemoryLayout<Neighbor>.stride)
    }
    #expect(MatchMemory.queriesAtATime(limit: 10_000, rows: 1_000_000, isGrouped: false) == 256)
  }
}
