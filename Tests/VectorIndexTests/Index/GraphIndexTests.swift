import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// Walks of a wide beam are exact search, for every metric, builder, dimension and for sizes at which something ends.
@Suite struct GraphIndexTests {
  struct Shape: CustomTestStringConvertible {
    let metric: Metric
    let method: BuildMethod
    let dimension: Int

    var testDescription: String { "\(metric), \(method), \(dimension)-d" }

    static let all = Metric.allCases.flatMap { metric in
      BuildMethod.allCases.flatMap { method in
        [1, 3, 17, 768, 1536].map { Shape(metric: metric, method: method, dimension: $0) }
      }
    }
  }

  static let degree = 48

  @Test(arguments: Shape.all, [0, 1, 2, degree, degree + 1, 1000])
  func aWideBeamFindsWhatExactSearchFinds(shape: Shape, count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(shape.dimension + count))
    let vectors = generator.vectors(count, dimension: shape.dimension)
    let queries = generator.vectors(5, dimension: shape.dimension)
    let fixture = try IndexFixture(vectors, dimension: shape.dimension, metric: shape.metric)
    let built = fixture.index {
      $0.method = shape.method
      $0.maxDegree = Self.degree
      $0.format = CodeFormat(.rotation, bits: .four)
    }
    guard count > 0 else {
      #expect(built == nil)
      return
    }
    let index = try #require(built)
    try index.checkInvariants()
    #expect(index.statistics(live: fixture.snapshot.live).unreachable == 0)
    #expect(try fixture.recall(index, queries, width: 1000) == 1)
    // More than there are: all of them.
    #expect(try fixture.recall(index, queries, k: count + 5, width: count + 5) == 1)
  }

  @Test(arguments: Metric.allCases, BuildMethod.allCases)
  func isotropicRowsAreFoundInANarrowBeam(metric: Metric, method: BuildMethod) throws {
    var generator = SeededGenerator(seed: 7)
    let vectors = generator.isotropic(5000, dimension: 64)
    let queries = generator.isotropic(100, dimension: 64)
    let fixture = try IndexFixture(vectors, dimension: 64, metric: metric)
    let index = try #require(
      fixture.index {
        $0.method = method
        $0.format = CodeFormat(.rotation, bits: .four)
      })
    try index.checkInvariants()
    let recall = try #require(try fixture.recall(index, queries, width: 300))
    #expect(recall >= 0.95, "recall \(recall)")
  }

  @Test(arguments: CodeBits.allCases, Metric.allCases)
  func everyCodeServesAWalk(bits: CodeBits, metric: Metric) throws {
    var generator = SeededGenerator(seed: 8)
    let vectors = generator.vectors(2000, dimension: 128)
    let queries = generator.vectors(20, dimension: 128)
    let fixture = try IndexFixture(vectors, dimension: 128, metric: metric)
    for map in [CodeFormat.Map.rotation, .projection(dimension: 64)] {
      let index = try #require(fixture.index { $0.format = CodeFormat(map, bits: bits) })
      let recall = try #require(try fixture.recall(index, queries, width: 400))
      #expect(recall >= (bits == .one ? 0.85 : 0.9), "\(map): recall \(recall)")
    }
  }

  @Test func statisticsCountWhatIsThere() throws {
    var generator = SeededGenerator(seed: 9)
    var vectors = generator.vectors(300, dimension: 16)
    vectors += vectors[..<(5 * 16)]
    let fixture = try IndexFixture(vectors, dimension: 16, metric: .cosine)
    let index = try #require(fixture.index { $0.format = CodeFormat(.rotation, bits: .two) })
    let statistics = index.statistics(live: fixture.snapshot.live)
    #expect(statistics.rows == 305 && statistics.nodes == 300 && statistics.copies == 5)
    #expect(statistics.edges == index.edgePlaces.count { $0 != .max })
    #expect(statistics.meanDegree == Double(statistics.edges) / 300)
    #expect(statistics.entryPoints > 0 && statistics.unreachable == 0)
    #expect(statistics.codeBytesPerRow == 64 && statistics.edgeBytesPerRow == 4 * 48)
    #expect(statistics.format == CodeFormat(.rotation, bits: .two))
  }
}
