import Testing
import VectorKernels

@Suite struct ByteKernelTests {
  /// Random bytes, or the extremes that saturating instructions get wrong.
  private func sample(_ count: Int, extreme: Bool, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in extreme ? 255 : UInt8.random(in: 0...255, using: &random) }
  }

  @Test(arguments: InstructionSet.available, awkwardDimensions)
  func innerProductsAreExact(set: InstructionSet, dimension: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(dimension))
    for extreme in [false, true] {
      let query = sample(dimension, extreme: false, &random).map { extreme ? Int8.min : Int8(bitPattern: $0) }
      let rows = (0..<9).map { _ in sample(dimension, extreme: extreme, &random) }
      let expected = rows.map { row in zip(query, row).reduce(Int32(0)) { $0 + Int32($1.0) * Int32($1.1) } }
      #expect(rows.map { kernels.dot(query.span, $0.span) } == expected)
      var run = [Int32](repeating: 0, count: 9)
      var gathered = run
      withStored(rows) { base, stride, pointers in
        kernels.byteDotRows(query, base, stride, 9, dimension, &run)
        kernels.byteDotGather(query, pointers, 9, dimension, &gathered)
      }
      #expect(run == expected)
      #expect(gathered == expected.reversed())
    }
  }

  @Test(arguments: InstructionSet.available, awkwardDimensions)
  func differingBitsAreCounted(set: InstructionSet, length: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(length) + 1)
    let query = sample(length, extreme: false, &random)
    let rows = (0..<9).map { _ in sample(length, extreme: false, &random) } + [query.map { ~$0 }]
    let expected = rows.map { row in zip(query, row).reduce(UInt32(0)) { $0 + UInt32(($1.0 ^ $1.1).nonzeroBitCount) } }
    #expect(rows.map { kernels.hamming(query.span, $0.span) } == expected)
    var run = [UInt32](repeating: 0, count: 10)
    var gathered = run
    withStored(rows) { base, stride, pointers in
      kernels.hammingRows(query, base, stride, 10, length, &run)
      kernels.hammingGather(query, pointers, 10, length, &gathered)
    }
    #expect(run == expected)
    #expect(gathered == expected.reversed())
  }

  /// Rows at an odd base and stride, and pointers to them, last to first.
  private func withStored(
    _ rows: [[UInt8]], _ body: (UnsafeRawPointer, Int, [UnsafeRawPointer?]) -> Void
  ) {
    let bytes: [UInt8] = [0xAA] + rows.flatMap { $0 + [0xAA, 0xAA, 0xAA] }
    let stride = rows[0].count + 3
    bytes.withUnsafeBytes { bytes in
      let base = bytes.start + 1
      body(base, stride, rows.indices.reversed().map { base + $0 * stride })
    }
  }
}
