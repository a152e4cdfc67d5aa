import TestSupport
import Testing
import VectorIndex
import VectorKernels

@Suite struct FlatSearcherTests {
  struct Shape: CustomTestStringConvertible {
    var metric: Metric
    var storage: ElementType
    var dimension: Int
    var rows: Int
    var testDescription: String { "\(metric) \(storage) d=\(dimension) n=\(rows)" }
  }

  static let shapes: [Shape] = Metric.allCases.flatMap { metric in
    [ElementType.float16, .float32].flatMap { storage in
      [(1, 1), (3, 2), (17, 65), (64, 1000), (129, 3000), (512, 700)].map {
        Shape(metric: metric, storage: storage, dimension: $0.0, rows: $0.1)
      }
    }
  }

  @Test(arguments: shapes)
  func nearestAgreesWithDoublePrecision(_ shape: Shape) throws {
    var random = SeededGenerator(seed: 7)
    let fixture = try IndexFixture(
      random.vectors(shape.rows, dimension: shape.dimension), dimension: shape.dimension, metric: shape.metric,
      storage: shape.storage)
    let vectors = random.vectors(20, dimension: shape.dimension)
    let queries = try fixture.queries(vectors)
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    let found = searcher.nearest(queries, k: 10, in: fixture.everything)
    for query in 0..<20 {
      let distances = fixture.oracle(vectors[query * shape.dimension..<(query + 1) * shape.dimension])
      let expected = distances.sorted().prefix(10)
      #expect(found[query].count == min(10, shape.rows))
      for (neighbor, distance) in zip(found[query], expected) {
        let tolerance = 1e-5 * max(1, abs(distance))
        #expect(abs(Double(neighbor.distance) - distance) < tolerance)
        #expect(abs(Double(neighbor.distance) - distances[Int(neighbor.ordinal)]) < tolerance)
      }
    }
  }

  /// Evidence must not depend on how it was computed: every batch size and number of threads gives the same bits.
  @Test(arguments: shapes)
  func answersDoNotDependOnBatchOrThreads(_ shape: Shape) throws {
    var random = SeededGenerator(seed: 11)
    let fixture = try IndexFixture(
      random.vectors(shape.rows, dimension: shape.dimension), dimension: shape.dimension, metric: shape.metric,
      storage: shape.storage)
    let vectors = random.vectors(40, dimension: shape.dimension)
    let batch = try fixture.queries(vectors)
    let oneThread = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    let threeThreads = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 3))
    let expected = threeThreads.nearest(batch, k: 7, in: fixture.everything)
    #expect(oneThread.nearest(batch, k: 7, in: fixture.everything) == expected)
    for query in 0..<40 {
      let single = try fixture.queries(Array(vectors[query * shape.dimension..<(query + 1) * shape.dimension]))
      #expect(threeThreads.nearest(single, k: 7, in: fixture.everything)[0] == expected[query])
    }
  }

  @Test(arguments: Metric.allCases, [1, 40])
  func equalDistancesAreOrderedByKey(metric: Metric, queryCount: Int) throws {
    // The same vector 600 times under keys that arrive in another order than they sort, among others.
    var random = SeededGenerator(seed: 3)
    var vectors = random.vectors(2000, dimension: 24)
    let same = Array(vectors[..<24])
    for row in stride(from: 0, to: 1800, by: 3) { vectors.replaceSubrange(row * 24..<(row + 1) * 24, with: same) }
    let keys = (0..<2000).map { "k\(($0 * 7919) % 2000)" }
    let fixture = try IndexFixture(vectors, dimension: 24, metric: metric, keys: keys)
    let queries = try fixture.queries(Array((0..<queryCount).map { _ in same }.joined()))
    let found = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2)).nearest(
      queries, k: 50, in: fixture.everything)
    let expected = stride(from: 0, to: 1800, by: 3).map { keys[$0] }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }.prefix(50)
    guard metric != .innerProduct else {
      // A longer vector may have the greater product; whatever ties must be in order all the same.
      for list in found { expectOrdered(list, in: fixture) }
      return
    }
    for list in found { #expect(list.map { fixture.snapshot.keys[$0.ordinal] } == Array(expected)) }
  }

  private func expectOrdered(_ list: [Neighbor], in fixture: IndexFixture) {
    let order = ResultOrder(keys: fixture.snapshot.keys)
    for (a, b) in zip(list, list.dropFirst()) { #expect(order.precedes(a, b)) }
  }

  @Test(arguments: Metric.allCases, [1, 30])
  func matchesAreCompleteAtTheThreshold(metric: Metric, queryCount: Int) throws {
    var random = SeededGenerator(seed: 5)
    let fixture = try IndexFixture(random.vectors(2500, dimension: 33), dimension: 33, metric: metric)
    let vectors = random.vectors(queryCount, dimension: 33)
    let queries = try fixture.queries(vectors)
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    let all = searcher.nearest(queries, k: 2500, in: fixture.everything)
    // A threshold that is exactly the distance of a row: the row is in.
    let threshold = all[0][137].distance
    for (query, result) in searcher.matches(queries, within: threshold, in: fixture.everything, limit: 2500)
      .enumerated()
    {
      #expect(result.matches == all[query].filter { $0.distance <= threshold })
      #expect(result.complete)
    }
  }

  @Test func matchesGoOnAfterALimit() throws {
    var random = SeededGenerator(seed: 6)
    let fixture = try IndexFixture(random.vectors(900, dimension: 16), dimension: 16, metric: .cosine)
    let queries = try fixture.queries(random.vectors(1, dimension: 16))
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    let all = searcher.matches(queries, within: 0, in: fixture.everything, limit: 900)[0].matches
    var paged: [Neighbor] = []
    while true {
      let page = searcher.matches(queries, within: 0, in: fixture.everything, limit: 70, after: paged.last)[0]
      paged += page.matches
      #expect(page.complete == (page.matches.count < 70 || paged.count == all.count))
      if page.complete { break }
    }
    #expect(paged == all && all.count > 200)
  }

  @Test(arguments: [1, 30])
  func filtersRemovedAndExcludedRowsStayOut(queryCount: Int) throws {
    var random = SeededGenerator(seed: 8)
    let fixture = try IndexFixture(random.vectors(3000, dimension: 20), dimension: 20, metric: .euclidean)
    var snapshot = fixture.snapshot
    for ordinal in stride(from: UInt32(0), to: 3000, by: 2) { snapshot.remove(Ordinal(ordinal)) }
    #expect(snapshot.liveCount == 1500)
    var allowed = Bitmap(count: 3000)
    for ordinal in stride(from: UInt32(0), to: 3000, by: 3) { allowed.insert(ordinal) }
    allowed.formIntersection(snapshot.live)
    let queries = try fixture.queries(random.vectors(queryCount, dimension: 20))
    let searcher = FlatSearcher(snapshot, workers: WorkerPool(width: 2))
    let unfiltered = searcher.nearest(queries, k: 3000, in: fixture.everything)
    let filter = SearchFilter(allowed: allowed)
    for (query, list) in searcher.nearest(queries, k: 9, in: filter.selection, excluding: Ordinal(9)).enumerated() {
      let expected = unfiltered[query].filter { $0.ordinal % 2 == 1 && $0.ordinal % 3 == 0 && $0.ordinal != 9 }
      #expect(list == Array(expected.prefix(9)))
    }
  }

  @Test func nothingToSearch() throws {
    let fixture = try IndexFixture([], dimension: 4, metric: .cosine)
    let queries = try fixture.queries([1, 0, 0, 0])
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    #expect(searcher.nearest(queries, k: 3, in: fixture.everything) == [[]])
    #expect(searcher.groups(queries, k: 3, size: 1, in: fixture.everything)[0].isEmpty)
  }
}
