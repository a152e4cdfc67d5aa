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

  /// Real queries are harder than rows, and each in its own way: what is asked for has to come all the same.
  @Test(arguments: [("frames/base", "frames/queries", 40_000), ("artworks/items", "artworks/background", 12_000)])
  func targetRecallIsWhatComes(base: String, asking: String, rows: Int) throws {
    let folder = try #require(Repository.realData)
    let matrix = try HalfMatrix("\(folder)/\(base).npy")
    let vectors = matrix.numbers[..<(rows * matrix.columns)].map { Float($0) }
    let queries = try HalfMatrix("\(folder)/\(asking).npy").numbers[..<(1000 * matrix.columns)].map { Float($0) }
    let fixture = try IndexFixture(vectors, dimension: matrix.columns, metric: .cosine)
    var snapshot = fixture.snapshot
    snapshot.attach(try #require(fixture.index(threads: 2) { _ in }))
    let searcher = IndexSearcher(snapshot, workers: WorkerPool(width: 2))
    let prepared = try fixture.queries(queries)
    let right = searcher.nearest(prepared, k: 10, effort: .exact).map { Set($0.neighbors.map(\.ordinal)) }
    for target in [0.95, 0.99] {
      let found = searcher.nearest(prepared, k: 10, effort: .targetRecall(target))
      let hits = zip(right, found).reduce(0) { $0 + $1.0.intersection($1.1.neighbors.map(\.ordinal)).count }
      let recall = Double(hits) / Double(10 * right.count)
      #expect(recall >= target - 0.015 && recall <= target + 0.03, "\(base), asked \(target), delivered \(recall)")
    }
  }
}
