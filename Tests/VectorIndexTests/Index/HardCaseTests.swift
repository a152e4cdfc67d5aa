import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// Data on which other indexes lost rows.
@Suite struct HardCaseTests {
  struct Case: CustomTestStringConvertible {
    let metric: Metric
    let method: BuildMethod

    var testDescription: String { "\(metric), \(method)" }

    static let all = Metric.allCases.flatMap { metric in
      BuildMethod.allCases.map { Case(metric: metric, method: $0) }
    }
  }

  private func built(_ fixture: IndexFixture, _ method: BuildMethod) throws -> GraphIndex {
    let index = try #require(fixture.index { $0.method = method })
    try index.checkInvariants()
    #expect(index.statistics(live: fixture.snapshot.live).unreachable == 0)
    return index
  }

  @Test(arguments: Case.all)
  func aThousandIdenticalRowsHideNothing(_ hard: Case) throws {
    var generator = SeededGenerator(seed: 21)
    let others = generator.vectors(2000, dimension: 32)
    let same = Array(others[..<32])
    let vectors = others + (0..<999).flatMap { _ in same }
    let fixture = try IndexFixture(vectors, dimension: 32, metric: hard.metric)
    let index = try built(fixture, hard.method)
    let statistics = index.statistics(live: fixture.snapshot.live)
    #expect(statistics.nodes == 2000 && statistics.copies == 999)
    // From every row the walk comes back to it, and around the crowd everything else is still found.
    #expect(try fixture.recall(index, Array(others[..<(100 * 32)]), k: 20, width: 300) ?? 0 > 0.99)
    let queries = try fixture.queries(same)
    if hard.metric != .innerProduct {
      let answer = fixture.walk(index, queries, k: 1000, width: 1000).answers[0]
      #expect(Set(answer.map(\.ordinal)) == Set([0] + (2000..<2999)))
    }
  }

  @Test(arguments: Case.all)
  func fiveFarOutliersAreFoundAndSpoilNothing(_ hard: Case) throws {
    var generator = SeededGenerator(seed: 22)
    let dimension = 48
    let near = generator.vectors(2000, dimension: dimension)
    let far = generator.isotropic(5, dimension: dimension).map { $0 * 300 }
    let queries = generator.vectors(50, dimension: dimension)
    let fixture = try IndexFixture(near + far, dimension: dimension, metric: hard.metric)
    let index = try built(fixture, hard.method)
    let recall = try #require(try fixture.recall(index, queries, width: 200))
    #expect(recall > 0.97, "recall \(recall)")
    let answers = fixture.walk(index, try fixture.queries(far), k: 1, width: 64).answers
    #expect(answers.map { $0[0].ordinal } == Array(2000..<2005))
  }

  @Test(arguments: Case.all)
  func whereEverythingIsIdenticalThereIsOneNode(_ hard: Case) throws {
    let row = (0..<24).map { Float($0) - 3.5 }
    let fixture = try IndexFixture((0..<1000).flatMap { _ in row }, dimension: 24, metric: hard.metric)
    let index = try built(fixture, hard.method)
    let statistics = index.statistics(live: fixture.snapshot.live)
    #expect(statistics.nodes == 1 && statistics.copies == 999 && statistics.edges == 0)
    let answer = fixture.walk(index, try fixture.queries(row), k: 10, width: 10).answers[0]
    // The ten first keys as text: 0, 1, 10, 100, 101 and so on.
    #expect(answer.map(\.ordinal) == [0, 1, 10, 100, 101, 102, 103, 104, 105, 106])
    #expect(fixture.walk(index, try fixture.queries(row), k: 2000, width: 2000).answers[0].count == 1000)
  }

  @Test(arguments: BuildMethod.allCases)
  func innerProductsOfRowsOfEveryLength(method: BuildMethod) throws {
    var generator = SeededGenerator(seed: 23)
    let dimension = 64
    var vectors = generator.isotropic(3000, dimension: dimension)
    for row in 0..<3000 {
      let length = Float(1 << (row % 6)) / 8
      for column in 0..<dimension { vectors[row * dimension + column] *= length }
    }
    let fixture = try IndexFixture(vectors, dimension: dimension, metric: .innerProduct)
    let index = try built(fixture, method)
    let recall = try #require(try fixture.recall(index, generator.isotropic(50, dimension: dimension), width: 300))
    #expect(recall >= 0.95, "recall \(recall)")
  }

  @Test(arguments: BuildMethod.allCases, [Float(10), 1000])
  func anOffsetThatAllRowsShareCostsNoPrecision(method: BuildMethod, offset: Float) throws {
    var generator = SeededGenerator(seed: 24)
    let vectors = generator.vectors(3000, dimension: 64, centres: 40).map { $0 + offset }
    var queries = Array(vectors[..<(50 * 64)])
    for index in queries.indices { queries[index] += Float.random(in: -0.3...0.3, using: &generator) }
    let fixture = try IndexFixture(vectors, dimension: 64, metric: .euclidean, storage: .float32)
    let index = try built(fixture, method)
    let recall = try #require(try fixture.recall(index, queries, width: 100))
    #expect(recall >= 0.98, "recall \(recall)")
  }

  @Test(arguments: BuildMethod.allCases)
  func aRowOfLengthZeroIsARowLikeOthers(method: BuildMethod) throws {
    var generator = SeededGenerator(seed: 25)
    let vectors = generator.vectors(500, dimension: 16) + [Float](repeating: 0, count: 32)
    for metric in [Metric.innerProduct, .euclidean] {
      let fixture = try IndexFixture(vectors, dimension: 16, metric: metric)
      let index = try built(fixture, method)
      #expect(index.statistics(live: fixture.snapshot.live).copies == 1)
      #expect(try fixture.recall(index, generator.vectors(10, dimension: 16), width: 500) == 1)
    }
  }

  @Test(arguments: BuildMethod.allCases)
  func removedRowsBecomeNoNodes(method: BuildMethod) throws {
    var generator = SeededGenerator(seed: 26)
    let fixture = try IndexFixture(generator.vectors(400, dimension: 16), dimension: 16, metric: .cosine)
    var snapshot = fixture.snapshot
    for row in 0..<UInt32(400) where row % 3 == 0 { snapshot.remove(Ordinal(row)) }
    var configuration = IndexConfiguration()
    configuration.method = method
    let workers = WorkerPool(width: 1)
    let index = try #require(IndexBuilder(snapshot, configuration: configuration, workers: workers).build())
    try index.checkInvariants()
    let statistics = index.statistics(live: snapshot.live)
    #expect(statistics.nodes == snapshot.liveCount && statistics.unreachable == 0 && statistics.rows == 400)
    for row in 0..<400 where row % 3 == 0 {
      #expect(!index.edgePlaces.contains(UInt32(row)))
    }
  }
}
