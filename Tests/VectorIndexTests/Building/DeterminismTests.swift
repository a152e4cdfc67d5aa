import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// The same rows and seed give the same bytes, whoever builds.
@Suite struct DeterminismTests {
  @Test(arguments: BuildMethod.allCases, Metric.allCases)
  func theNumberOfThreadsChangesNoByte(method: BuildMethod, metric: Metric) throws {
    let fixture = try fixture(metric)
    let one = try #require(fixture.index(threads: 1) { $0.method = method })
    for threads in [2, 5] {
      let many = try #require(fixture.index(threads: threads) { $0.method = method })
      #expect(many.codeBytes == one.codeBytes)
      #expect(many.edgePlaces == one.edgePlaces)
    }
  }

  @Test func theNumberOfThreadsThatInsertChangesNoByte() throws {
    let fixture = try fixture(.cosine)
    let part = try fixture.truncated(to: 2000)
    let base = try #require(IndexBuilder(part, workers: WorkerPool(width: 2)).build())
    let one = fixture.inserter(threads: 1).insert(into: base)
    let many = fixture.inserter(threads: 3).insert(into: base)
    #expect(many.codeBytes == one.codeBytes)
    #expect(many.edgePlaces == one.edgePlaces)
  }

  @Test(arguments: BuildMethod.allCases)
  func anotherSeedGivesAnotherIndex(method: BuildMethod) throws {
    let fixture = try fixture(.cosine)
    let first = try #require(fixture.index { $0.method = method })
    let second = try #require(
      fixture.index {
        $0.method = method
        $0.seed = 1
      })
    #expect(first.codeBytes != second.codeBytes)
    #expect(first.edgePlaces != second.edgePlaces)
  }

  private func fixture(_ metric: Metric) throws -> IndexFixture {
    var generator = SeededGenerator(seed: 31)
    return try IndexFixture(generator.vectors(3000, dimension: 96, centres: 50), dimension: 96, metric: metric)
  }
}
