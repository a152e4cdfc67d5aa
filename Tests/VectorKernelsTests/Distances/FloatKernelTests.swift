import Testing
import VectorKernels

@Suite struct FloatKernelTests {
  @Test(arguments: InstructionSet.available, awkwardDimensions)
  func everySetKeepsTheOrder(set: InstructionSet, dimension: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(dimension))
    let query = random.floats(dimension)
    let values = (0..<11).map { _ in random.floats(dimension) }
    for measure in Measure.allCases {
      for type in ElementType.allCases {
        let rows = StoredRows(values, as: type)
        let expected = rows.values.map { fixedOrder(measure, query, $0).bitPattern }
        #expect(rows.pairs(kernels, measure, query) == expected, "\(measure) \(type) pair")
        #expect(rows.run(kernels, measure, query) == expected, "\(measure) \(type) rows")
        #expect(rows.gathered(kernels, measure, query) == expected, "\(measure) \(type) gather")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func zerosSubnormalsAndOverflowsAgree(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let special: [Float] = [-0.0, 0, .leastNonzeroMagnitude, -.leastNormalMagnitude, 3e38, -1, 65504, 6e-8]
    for dimension in [1, 7, 64, 65, 130] {
      let query = (0..<dimension).map { special[$0 % special.count] }
      let values = (0..<9).map { shift in (0..<dimension).map { special[($0 + shift) % 7] } }
      for measure in Measure.allCases {
        for type in ElementType.allCases {
          let rows = StoredRows(values, as: type)
          let expected = rows.values.map { fixedOrder(measure, query, $0) }
          let bits = expected.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
          let found = rows.run(kernels, measure, query).map(Float.init(bitPattern:))
          #expect(found.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } == bits)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available, [0, 1, 2, 3, 4, 5, 8, 31, 32, 33, 100])
  func anyNumberOfRows(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: 7)
    let query = random.floats(96)
    let rows = StoredRows((0..<count).map { _ in random.floats(96) }, as: .float16)
    let expected = rows.values.map { fixedOrder(.dot, query, $0).bitPattern }
    #expect(rows.run(kernels, .dot, query) == expected)
    #expect(rows.gathered(kernels, .dot, query) == expected)
  }

  @Test(arguments: [1, 64, 100, 512, 1000])
  func scalarAgreesWithDouble(dimension: Int) throws {
    let kernels = try #require(DistanceKernels.of(.scalar))
    var random = SeededGenerator(seed: 11)
    let (a, b) = (random.floats(dimension), random.floats(dimension))
    let dot = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    let squared = zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
    let bound = 1e-6 * Double(dimension)
    #expect(abs(Double(kernels.dot(a.span, b.span)) - dot) <= bound)
    #expect(abs(Double(kernels.squaredDistance(a.span, b.span)) - squared) <= bound)
  }

  @Test(arguments: InstructionSet.available)
  func spansGiveWhatRawKernelsGive(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: 13)
    let (a, b) = (random.floats(77), random.floats(77))
    let halves = b.map { Float16($0) }
    let widened = halves.map { Float($0) }
    #expect(kernels.dot(a.span, b.span) == fixedOrder(.dot, a, b))
    #expect(kernels.dot(a.span, halves.span) == fixedOrder(.dot, a, widened))
    #expect(kernels.squaredDistance(a.span, b.span) == fixedOrder(.squaredL2, a, b))
    #expect(kernels.squaredDistance(a.span, halves.span) == fixedOrder(.squaredL2, a, widened))
    let empty: [Float] = []
    #expect(kernels.dot(empty.span, empty.span) == 0)
  }

  @Test func differentDimensionsAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let (a, b): ([Float], [Float]) = ([1, 2], [1])
      _ = DistanceKernels.active.dot(a.span, b.span)
    }
  }
}
