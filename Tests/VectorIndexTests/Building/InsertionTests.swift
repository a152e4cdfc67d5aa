import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// An index that grows is as good as one that is built at once.
@Suite struct InsertionTests {
  /// An index of the first rows, extended in steps.
  private func grown(_ fixture: IndexFixture, from start: Int, by step: Int) throws -> GraphIndex {
    let part = try fixture.truncated(to: start)
    var index = try #require(IndexBuilder(part, workers: WorkerPool(width: 1)).build())
    let inserter = fixture.inserter()
    while index.count < fixture.snapshot.count {
      index = inserter.insert(into: index, upTo: min(index.count + step, fixture.snapshot.count))
      try index.checkInvariants()
      #expect(index.statistics(live: fixture.snapshot.live).unreachable == 0)
    }
    return index
  }

  @Test(arguments: Metric.allCases, [(1000, 3000), (3000, 100), (3990, 1)])
  func aGrownIndexFindsWhatABuiltOneFinds(metric: Metric, growth: (start: Int, step: Int)) throws {
    var generator = SeededGenerator(seed: 41)
    let vectors = generator.vectors(4000, dimension: 64, centres: 60)
    var queries = Array(vectors[(3900 * 64)...])
    for index in queries.indices { queries[index] += Float.random(in: -0.3...0.3, using: &generator) }
    let fixture = try IndexFixture(vectors, dimension: 64, metric: metric)
    let built = try #require(fixture.index())
    let grown = try grown(fixture, from: growth.start, by: growth.step)
    let expected = try #require(try fixture.recall(built, queries, width: 64))
    let recall = try #require(try fixture.recall(grown, queries, width: 64))
    #expect(recall >= expected - 0.01, "recall \(recall), built at once \(expected)")
  }

  @Test(arguments: Metric.allCases)
  func bothBuildersAreWithinAPointOfEachOther(metric: Metric) throws {
    var generator = SeededGenerator(seed: 42)
    let vectors = generator.vectors(8000, dimension: 64, centres: 100)
    let queries = generator.vectors(200, dimension: 64, centres: 100)
    let fixture = try IndexFixture(vectors, dimension: 64, metric: metric)
    let recalls = try BuildMethod.allCases.map { method in
      let index = try #require(fixture.index { $0.method = method })
      return try #require(try fixture.recall(index, queries, width: 64))
    }
    #expect(recalls[1] >= recalls[0] - 0.01, "bulk, insertion: \(recalls)")
  }

  @Test func theIndexThatGrowsStaysAsItIs() throws {
    var generator = SeededGenerator(seed: 43)
    let fixture = try IndexFixture(generator.vectors(600, dimension: 16), dimension: 16, metric: .cosine)
    let base = try #require(IndexBuilder(try fixture.truncated(to: 500), workers: WorkerPool(width: 1)).build())
    let (codes, edges) = (base.codeBytes, base.edgePlaces)
    let grown = fixture.inserter().insert(into: base)
    #expect(base.codeBytes == codes && base.edgePlaces == edges && base.count == 500)
    #expect(grown.count == 600 && Array(grown.codeBytes.prefix(codes.count)) == codes)
    let same = fixture.inserter().insert(into: grown)
    #expect(same.edgePlaces == grown.edgePlaces)
  }

  @Test(arguments: Metric.allCases)
  func copiesOfOldRowsAndOfEachOtherAreMerged(metric: Metric) throws {
    var generator = SeededGenerator(seed: 44)
    let first = generator.vectors(500, dimension: 24)
    let new = generator.vectors(50, dimension: 24)
    // A copy among the first rows, copies of them, and copies among the new ones.
    let vectors = first + first[..<24] + first[..<(20 * 24)] + new + new[..<(10 * 24)] + first[..<24]
    let fixture = try IndexFixture(vectors, dimension: 24, metric: metric)
    let index = try grown(fixture, from: 501, by: 1000)
    let statistics = index.statistics(live: fixture.snapshot.live)
    #expect(statistics.nodes == 550 && statistics.copies == 32)
    if metric != .innerProduct {
      let answer = fixture.walk(index, try fixture.queries(Array(first[..<24])), k: 4, width: 64).answers[0]
      #expect(Set(answer.map(\.ordinal)) == [0, 500, 501, 581])
    }
  }

  @Test func aThousandCopiesThatComeOneAfterAnotherStayOneNode() throws {
    var generator = SeededGenerator(seed: 45)
    let first = generator.vectors(300, dimension: 24)
    let vectors = first + (0..<300).flatMap { _ in first[..<24] }
    let fixture = try IndexFixture(vectors, dimension: 24, metric: .cosine)
    let index = try grown(fixture, from: 300, by: 7)
    #expect(index.statistics(live: fixture.snapshot.live).nodes == 300)
    let answer = fixture.walk(index, try fixture.queries(Array(first[..<24])), k: 400, width: 100).answers[0]
    #expect(answer.prefix(301).allSatisfy { $0.ordinal == 0 || $0.ordinal >= 300 })
  }

  @Test(arguments: [Metric.innerProduct, .euclidean])
  func aRowOfAnotherLengthAmongEquallyLongOnes(metric: Metric) throws {
    var generator = SeededGenerator(seed: 46)
    let dimension = 32
    var vectors = generator.isotropic(1000, dimension: dimension)
    for row in 0..<1000 {
      let range = row * dimension..<(row + 1) * dimension
      let length = vectors[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in range { vectors[index] *= (row < 990 ? 1 : Float(row - 980)) / length }
    }
    let fixture = try IndexFixture(vectors, dimension: dimension, metric: metric)
    let index = try grown(fixture, from: 990, by: 10)
    let queries = Array(vectors[(970 * dimension)...])
    #expect(try fixture.recall(index, queries, width: 200) ?? 0 > 0.98)
  }

  @Test func removedRowsThatCameSinceAreNotInserted() throws {
    var generator = SeededGenerator(seed: 47)
    let fixture = try IndexFixture(generator.vectors(600, dimension: 16), dimension: 16, metric: .cosine)
    let base = try #require(IndexBuilder(try fixture.truncated(to: 500), workers: WorkerPool(width: 1)).build())
    var snapshot = fixture.snapshot
    for row in 500..<UInt32(550) { snapshot.remove(Ordinal(row)) }
    let index = IndexBuilder(snapshot, workers: WorkerPool(width: 1)).insert(into: base)
    try index.checkInvariants()
    let statistics = index.statistics(live: snapshot.live)
    #expect(statistics.nodes == 550 && statistics.rows == 600 && statistics.unreachable == 0)
  }
}
