import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// A cosine is at most 1, and exactly 1 for a row of the same direction as the query.
@Suite struct CosineTests {
  struct Shape: CustomTestStringConvertible {
    var storage: ElementType
    var dimension: Int
    var testDescription: String { "\(storage) d=\(dimension)" }
  }

  static let shapes: [Shape] = [ElementType.float16, .float32].flatMap { storage in
    [1, 2, 3, 8, 31, 64, 65, 100, 256, 513, 768].map { Shape(storage: storage, dimension: $0) }
  }

  /// Rows of all lengths, of which the second half are the first, negated.
  private func fixture(_ shape: Shape, _ half: Int, seed: UInt64) throws -> IndexFixture {
    var random = SeededGenerator(seed: seed)
    var vectors = random.vectors(half, dimension: shape.dimension)
    for row in 0..<half {
      let length = Float(sign: .plus, exponent: row % 7 - 3, significand: 1 + Float(row % 5) / 7)
      for index in row * shape.dimension..<(row + 1) * shape.dimension { vectors[index] *= length }
    }
    return try IndexFixture(
      vectors + vectors.map { -$0 }, dimension: shape.dimension, metric: .cosine, storage: shape.storage)
  }

  @Test(arguments: shapes) func aRowScoresOneWithItselfInEveryPath(_ shape: Shape) throws {
    let half = 40
    let fixture = try fixture(shape, half, seed: 41)
    let rows = (0..<2 * half).map { fixture.snapshot.rows.row(Ordinal(UInt32($0))) }
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    let many = searcher.nearest(try fixture.queries(Array(rows.joined())), k: 2 * half, in: fixture.everything)
    for row in 0..<2 * half {
      let one = try fixture.queries(rows[row])
      let opposite = UInt32((row + half) % (2 * half))
      for found in [many[row], searcher.nearest(one, k: 2 * half, in: fixture.everything)[0]] {
        #expect(found.count == 2 * half)
        #expect(found.allSatisfy { abs($0.score) <= 1 })
        #expect(found.first { $0.ordinal == UInt32(row) }?.score == 1)
        #expect(found.first { $0.ordinal == opposite }?.score == -1)
      }
      #expect(many[row] == searcher.nearest(one, k: 2 * half, in: fixture.everything)[0])
    }
  }

  /// The length of a query does not count, and neither does what its numbers are multiplied by.
  @Test(arguments: shapes) func directionAloneCounts(_ shape: Shape) throws {
    let fixture = try fixture(shape, 6, seed: 42)
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    for row in 0..<12 {
      let numbers = fixture.snapshot.rows.row(Ordinal(UInt32(row)))
      for factor: Float in [3, 1 / 3, 0x1p-100, 0x1p100, 1e-7, 12345.678] {
        let query = try fixture.queries(numbers.map { $0 * factor })
        let found = searcher.nearest(query, k: 12, in: fixture.everything)[0]
        #expect(found.first { $0.ordinal == UInt32(row) }?.score == 1, "times \(factor)")
      }
    }
  }

  @Test(arguments: shapes, [1, 20]) func thresholdsOfOneAndMinusOneAreComplete(_ shape: Shape, queryCount: Int) throws {
    let fixture = try fixture(shape, 300, seed: 43)
    let rows = (0..<queryCount).map { fixture.snapshot.rows.row(Ordinal(UInt32($0 * 17))) }
    let queries = try fixture.queries(Array(rows.joined()))
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 2))
    let exact = searcher.matches(
      queries, within: Metric.distance(ofScore: 1), in: fixture.everything, limit: 600)
    for (query, found) in exact.enumerated() {
      #expect(found.complete && found.matches.contains { $0.ordinal == UInt32(query * 17) })
      #expect(found.matches.allSatisfy { $0.score == 1 })
      #expect(shape.dimension <= 2 || found.matches.count == 1)
    }
    let all = searcher.matches(queries, within: Metric.distance(ofScore: -1), in: fixture.everything, limit: 600)
    #expect(all.allSatisfy { $0.complete && $0.matches.count == 600 })
    let none = searcher.matches(
      queries, within: Metric.distance(ofScore: Float(1).nextUp), in: fixture.everything, limit: 600)
    #expect(none.allSatisfy { $0.complete && $0.matches.isEmpty })
  }

  /// Rows close to the query, on both sides of where a cosine is computed again: never out of order by more than the kernel is off.
  @Test(arguments: shapes) func nearCopiesAgreeWithDoublePrecision(_ shape: Shape) throws {
    guard shape.dimension > 1 else { return }
    var random = SeededGenerator(seed: 44)
    let query = random.vectors(1, dimension: shape.dimension)
    let noise = random.vectors(200, dimension: shape.dimension)
    let vectors = noise.indices.map { index in
      query[index % shape.dimension]
        + noise[index] * Float(sign: .plus, exponent: -(index / shape.dimension % 20), significand: 1)
    }
    let fixture = try IndexFixture(
      vectors, dimension: shape.dimension, metric: .cosine, storage: shape.storage)
    let expected = fixture.oracle(query[...])
    let found = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
      .nearest(try fixture.queries(query), k: 200, in: fixture.everything)[0]
    #expect(found.count == 200)
    for neighbor in found {
      #expect(abs(Double(neighbor.distance) - expected[Int(neighbor.ordinal)]) < 4e-7)
      #expect(neighbor.score <= 1)
    }
  }
}
