import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// A recall that is asked for is what comes, on queries that the build has never seen.
@Suite struct TargetRecallTests {
  /// Asks for a recall of the ten nearest.
  ///
  /// - Returns: The share of them that was found, and the share of searches that walked.
  private func delivered(
    _ target: Double, _ fixture: IndexFixture, _ index: GraphIndex, _ queries: [Float], k: Int = 10
  ) throws -> Double {
    var snapshot = fixture.snapshot
    snapshot.attach(index)
    let searcher = IndexSearcher(snapshot, workers: WorkerPool(width: 2))
    let prepared = try fixture.queries(queries)
    let right = searcher.nearest(prepared, k: k, effort: .exact)
    let found = searcher.nearest(prepared, k: k, effort: .targetRecall(target))
    #expect(found.allSatisfy { $0.plan == .walk })
    let hits = zip(right, found).reduce(0) { sum, pair in
      let distance = pair.0.neighbors.last?.distance ?? 0
      // At the same distance one row is as good as another.
      return sum + pair.1.neighbors.count { $0.distance <= distance }
    }
    return Double(hits) / Double(right.count * k)
  }

  /// Rows around a few hundred centres, and queries around the same ones, a little farther away.
  private func clustered(_ rows: Int, dimension: Int) -> (rows: [Float], queries: [Float]) {
    var generator = SeededGenerator(seed: 11)
    let all = generator.vectors(rows + 1000, dimension: dimension, centres: 300)
    let queries = all[(rows * dimension)...].map { $0 + Float.random(in: -0.3...0.3, using: &generator) }
    return (Array(all[..<(rows * dimension)]), queries)
  }

  @Test(arguments: Metric.allCases)
  func whatIsAskedForComes(metric: Metric) throws {
    let (rows, queries) = clustered(20_000, dimension: 48)
    let fixture = try IndexFixture(rows, dimension: 48, metric: metric)
    let index = try #require(fixture.index(threads: 2) { _ in })
    for target in [0.9, 0.95, 0.99] {
      let recall = try delivered(target, fixture, index, queries)
      #expect(recall >= target - 0.02, "\(metric), asked \(target), delivered \(recall)")
    }
  }

  @Test(arguments: [1, 5, 10, 20, 100])
  func everyKGetsWhatItAsksFor(k: Int) throws {
    let (rows, queries) = clustered(20_000, dimension: 48)
    let fixture = try IndexFixture(rows, dimension: 48, metric: .cosine)
    let index = try #require(fixture.index(threads: 2) { _ in })
    let recall = try delivered(0.95, fixture, index, queries, k: k)
    #expect(recall >= 0.93, "k \(k), delivered \(recall)")
  }

  @Test func moreRecallMayCostMore() throws {
    let (rows, _) = clustered(5000, dimension: 32)
    let index = try #require(try IndexFixture(rows, dimension: 32, metric: .euclidean).index(threads: 2) { _ in })
    var last: Float = -1
    for target in [0.8, 0.9, 0.95, 0.99, 0.999] {
      let rule = try #require(index.calibration.effort(k: 10, targetRecall: target).rule)
      #expect(rule.slacks.upperBound >= last && rule.slacks.lowerBound >= -0.5)
      last = rule.slacks.upperBound
    }
    #expect(last > 0)
  }

  /// Too few rows to hold one out, or to have as many neighbours as are measured: a beam of fixed width stands in.
  @Test(arguments: [1, 7, 8, 20, 200])
  func fewRowsAreMeasuredAsFarAsTheyGo(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let fixture = try IndexFixture(generator.vectors(count, dimension: 16), dimension: 16, metric: .cosine)
    let index = try #require(fixture.index(threads: 1) { _ in })
    #expect((index.calibration.effort(k: 10, targetRecall: 0.95).rule != nil) == (count >= 20))
    #expect(index.statistics(live: fixture.snapshot.live).unreachable == 0)
  }
}
