import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// What a storage would change is brought into its range where only direction counts, and refused where lengths count.
@Suite struct StorageRangeTests {
  private static let storages = [ElementType.float16, .float32]

  private func stored(_ vector: [Float], _ metric: Metric, _ storage: ElementType) throws -> [Float] {
    try IndexFixture(vector, dimension: vector.count, metric: metric, storage: storage).snapshot.rows.row(Ordinal(0))
  }

  // MARK: Cosine

  /// Lengths from the smallest float to the largest, and the scores that they have to have.
  @Test(arguments: storages, [1, 20])
  func scoresDoNotDependOnLengths(storage: ElementType, queryCount: Int) throws {
    var random = SeededGenerator(seed: 51)
    let dimension = 48
    let row = random.vectors(1, dimension: dimension)
    let other = random.vectors(1, dimension: dimension)
    let lengths: [Float] = [
      1, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-12, 1e-20, 1e-30, 1e-36, 100, 1e4, 1e5, 1e8, 1e18, 1e20, 1e30, 1e37,
    ]
    let fixture = try IndexFixture(
      lengths.flatMap { length in row.map { $0 * length } }, dimension: dimension, metric: .cosine, storage: storage)
    let searcher = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
    let expected = Double(searcher.nearest(try fixture.queries(other), k: 1, in: fixture.everything)[0][0].score)
    for length in lengths {
      let query = other.map { $0 * length }
      let queries = try fixture.queries(Array((0..<queryCount).map { _ in query }.joined()))
      for found in searcher.nearest(queries, k: lengths.count, in: fixture.everything) {
        #expect(found.count == lengths.count)
        for neighbor in found {
          // What rounding to f16 costs: rows of other lengths are rounded elsewhere.
          #expect(abs(Double(neighbor.score) - expected) < (storage == .float16 ? 4e-4 : 1e-6))
        }
      }
    }
  }

  @Test(arguments: storages) func numbersBeneathTheNormalOnesKeepTheirDirection(storage: ElementType) throws {
    let tiny = Float.leastNonzeroMagnitude
    #expect(try stored([tiny, -tiny, 0], .cosine, storage) == [1, -1, 0])
    #expect(try stored([3 * tiny, tiny], .cosine, storage) == [1.5, 0.5])
    #expect(try stored([1e-38, 0], .cosine, storage)[1] == 0)
    let largest = Float.greatestFiniteMagnitude
    let kept = try stored([largest, -largest, 0x1p127], .cosine, storage)
    #expect(kept == (storage == .float16 ? [2, -2, 1] : [largest * 0x1p-127, -largest * 0x1p-127, 1]))
  }

  /// Rows that a storage keeps well are stored as they always were, to the byte; beyond, by the power of two that is documented.
  @Test func rowsWithinTheRangeKeepTheirBytes() throws {
    let halves: [(largest: Float, stored: Float)] = [
      (0x1p-10, 0x1p-10), (Float(0x1p-10).nextDown, 2), (0x1p-11, 1), (1, 1), (1.5, 1.5), (3, 3), (60_000, 60_000),
      (65_504, 65_504), (65_519, 65_504), (65_520, 65_520 / 0x1p15), (1e-6, 1e-6 * 0x1p20),
    ]
    for (largest, expected) in halves {
      let kept = try stored([largest / 2, -largest], .cosine, .float16)
      #expect(kept[1] == -Float(Float16(expected)), "\(largest)")
      #expect(kept[0] == Float(Float16(expected / 2)) || largest == 65_519, "\(largest)")
    }
    let floats: [(largest: Float, stored: Float)] = [
      (0x1p-64, 0x1p-64), (0x1.8p-65, 1.5), (1, 1), (0x1.8p47, 0x1.8p47), (0x1p48, 1), (0x1.8p100, 1.5),
    ]
    for (largest, expected) in floats {
      #expect(try stored([largest / 2, -largest], .cosine, .float32) == [expected / 2, -expected], "\(largest)")
    }
    var random = SeededGenerator(seed: 52)
    let unit = random.vectors(1, dimension: 4096)
    let norm = unit.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let vector = unit.map { Float(Double($0) / norm) }
    #expect(try stored(vector, .cosine, .float16) == vector.map { Float(Float16($0)) }, "of unit length")
  }

  @Test(arguments: storages) func onlyZeroHasNoDirection(storage: ElementType) throws {
    var rows = EncodedRows(layout: RowLayout(dimension: 2, elementType: storage), metric: .cosine)
    #expect(throws: RowRefusal.zeroNorm) { try rows.append([0, -0.0].span) }
    #expect(throws: RowRefusal.notFinite(index: 1)) { try rows.append([1e-30, .infinity].span) }
    #expect(throws: RowRefusal.notFinite(index: 0)) { try rows.append([.nan, 1e30].span) }
    try rows.append([1e-30, 0].span)
    #expect(rows.count == 1)
  }

  // MARK: Metrics where lengths count

  @Test(arguments: [Metric.innerProduct, .euclidean]) func whatHalvesCannotKeepIsRefused(metric: Metric) throws {
    var rows = EncodedRows(layout: RowLayout(dimension: 3, elementType: .float16), metric: metric)
    #expect(throws: RowRefusal.tooLarge(index: 1)) { try rows.append([1, 65_520, 0].span) }
    #expect(throws: RowRefusal.tooLarge(index: 0)) { try rows.append([-1e30, 1, 0].span) }
    for vector: [Float] in [[1e-9, 0, 0], [1e-7, 1e-7, 0], [3.3e-6, 0, 0], [.leastNonzeroMagnitude, 0, 0]] {
      #expect(throws: RowRefusal.tooSmall, "\(vector)") { try rows.append(vector.span) }
    }
    #expect(rows.count == 0 && rows.checksums.isEmpty)
    // Zero, numbers that f16 has, and small ones beside large ones.
    for vector: [Float] in [[0, 0, 0], [0x1p-24, 0, 0], [1e-4, 1e-4, 0], [1, 1e-9, 1e-30]] {
      try rows.append(vector.span)
    }
    #expect("\(RowRefusal.tooSmall)".contains("f32") && "\(RowRefusal.tooLarge(index: 1))".contains("f32"))
  }

  /// The bound that is stated: what is taken has not been changed by more than 1/1024 of its length.
  @Test func whatIsTakenIsKeptUpToTheBound() throws {
    var random = SeededGenerator(seed: 53)
    var refused = 0
    for dimension in [1, 2, 7, 64] {
      for exponent in -26 ... -4 {
        let vector = random.vectors(1, dimension: dimension).map {
          $0 * Float(sign: .plus, exponent: exponent, significand: 1)
        }
        var (loss, whole) = (0.0, 0.0)
        for number in vector {
          loss += (Double(number) - Double(Float16(number))) * (Double(number) - Double(Float16(number)))
          whole += Double(number) * Double(number)
        }
        var rows = EncodedRows(layout: RowLayout(dimension: dimension, elementType: .float16), metric: .innerProduct)
        if loss.squareRoot() <= 0x1p-10 * whole.squareRoot() {
          try rows.append(vector.span)
        } else {
          refused += 1
          #expect(throws: RowRefusal.tooSmall) { try rows.append(vector.span) }
        }
      }
    }
    #expect(refused > 10)
  }

  @Test func singlesKeepEveryNumber() throws {
    for metric in [Metric.innerProduct, .euclidean] {
      for vector: [Float] in [[1e-30, 0x1p-140], [.leastNonzeroMagnitude, 0], [1e18, -1e18], [70_000, 1]] {
        #expect(try stored(vector, metric, .float32) == vector)
      }
    }
  }

  /// No score is infinite: what could overflow on the way is refused, as a row and as a query.
  @Test func scoresOfTheLongestVectorsAreFinite() throws {
    for (metric, length) in [(Metric.innerProduct, Float(1.8e19)), (.euclidean, 9.2e18)] {
      let fixture = try IndexFixture([length, 0, 0, -length], dimension: 2, metric: metric, storage: .float32)
      let queries = try fixture.queries([-length, 0])
      let found = FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1))
        .nearest(queries, k: 2, in: fixture.everything)[0]
      #expect(found.count == 2 && found.allSatisfy { $0.distance.isFinite })
      #expect(throws: QueryRefusal.self) { try fixture.queries([1.1 * length, 0]) }
      var rows = EncodedRows(layout: fixture.layout, metric: metric)
      #expect(throws: RowRefusal.tooLarge(index: nil)) { try rows.append([1.1 * length, 0].span) }
    }
  }
}
