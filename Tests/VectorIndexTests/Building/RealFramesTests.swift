import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// Real frames: what counts is that insertion is as good as the bulk build on data as it comes.
@Suite(.enabled(if: Repository.realData != nil, "no real data: set KAGAMI_SHARED_DATA, or put it into ../shared/data"))
struct RealFramesTests {
  @Test func insertionIsWithinAPointOfTheBulkBuild() throws {
    let folder = try #require(Repository.realData) + "/frames"
    let base = try HalfMatrix("\(folder)/base.npy")
    let rows = 20_000
    let vectors = base.numbers[..<(rows * base.columns)].map { Float($0) }
    let queries = try HalfMatrix("\(folder)/queries.npy").numbers[..<(300 * base.columns)].map { Float($0) }
    let fixture = try IndexFixture(vectors, dimension: base.columns, metric: .innerProduct)
    let format = CodeFormat(.projection(dimension: 128), bits: .four)
    let bulk = try #require(fixture.index(threads: 2) { $0.format = format })
    let inserted = try #require(
      fixture.index(threads: 2) {
        $0.format = format
        $0.method = .insertion
      })
    for width in [16, 32, 64] {
      let expected = try #require(try fixture.recall(bulk, queries, width: width))
      let found = try #require(try fixture.recall(inserted, queries, width: width))
      #expect(found >= expected - 0.01, "width \(width): bulk \(expected), insertion \(found)")
    }
  }
}
