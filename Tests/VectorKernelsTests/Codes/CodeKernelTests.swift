import Testing
import VectorKernels

@Suite struct CodeKernelTests {
  static let dimensions = Array(1...67) + [127, 128, 129, 255, 257, 384, 512, 513, 768, 1024, 1536]

  @Test(arguments: InstructionSet.available, dimensions)
  func valuesAreExact(set: InstructionSet, dimension: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(dimension))
    for bits in CodeBits.allCases {
      for extreme in [nil, 127, -127, -128] as [Int8?] {
        let sample = CodeSamples(bits, dimension: dimension, count: 6, extreme: extreme, &random)
        let values = sample.values
        #expect(sample.run(kernels, count: 6) == untouchedAfter(values), "\(bits) \(String(describing: extreme))")
        let filled = values + [Int32](repeating: 0, count: 10)
        #expect(sample.inBlocks(kernels, count: 6) == untouchedAfter(filled), "\(bits) \(String(describing: extreme))")
        let ordinals: [UInt32] = [5, 3, 3, 0, 1, 4, 2]
        #expect(sample.gathered(kernels, ordinals) == untouchedAfter(ordinals.map { values[Int($0)] }), "\(bits)")
      }
    }
  }

  @Test(arguments: InstructionSet.available, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 33, 127, 128, 129, 200])
  func anyNumberOfRows(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count))
    for bits in CodeBits.allCases {
      let sample = CodeSamples(bits, dimension: 70, count: 200, &random)
      let values = sample.values
      #expect(sample.run(kernels, count: count) == untouchedAfter(values.prefix(count)))
      #expect(sample.inBlocks(kernels, count: count).prefix(count) == values.prefix(count))
      let ordinals = (0..<count).map { _ in UInt32.random(in: 0..<200, using: &random) }
      #expect(sample.gathered(kernels, ordinals) == untouchedAfter(ordinals.map { values[Int($0)] }))
    }
  }

  @Test func nothingIsAskedOfNoDimension() throws {
    var random = SeededGenerator(seed: 1)
    for set in InstructionSet.available {
      let kernels = try #require(DistanceKernels.of(set))
      for bits in CodeBits.allCases {
        let sample = CodeSamples(bits, dimension: 0, count: 5, &random)
        #expect(sample.run(kernels, count: 5) == untouchedAfter([0, 0, 0, 0, 0]))
      }
    }
  }

  @Test func theLongestRowsDoNotOverflow() throws {
    var random = SeededGenerator(seed: 1)
    for set in InstructionSet.available {
      let kernels = try #require(DistanceKernels.of(set))
      for bits in CodeBits.allCases {
        let sample = CodeSamples(bits, dimension: 65_536, count: 1, extreme: -128, &random)
        #expect(sample.run(kernels, count: 1) == untouchedAfter(sample.values))
        #expect(sample.inBlocks(kernels, count: 1).first == sample.values.first)
      }
    }
  }

  @Test func aRowIsWholeLines() {
    #expect(CodeBits.allCases.map { $0.rowBytes(dimension: 1) } == [64, 64, 128, 64, 64])
    #expect(CodeBits.allCases.map { $0.rowBytes(dimension: 512) } == [64, 128, 192, 256, 512])
    #expect(CodeBits.allCases.map { $0.rowBytes(dimension: 513) } == [128, 192, 320, 320, 576])
    #expect(CodeBits.allCases.map { $0.queryBytes(dimension: 1) } == [512, 256, 512, 128, 64])
    #expect(CodeBits.allCases.map { $0.queryBytes(dimension: 768) } == [1024, 768, 1024, 768, 768])
    #expect(CodeBits.allCases.allSatisfy { $0.rowBytes(dimension: 0) == 0 && $0.queryBytes(dimension: 0) == 0 })
  }
}
