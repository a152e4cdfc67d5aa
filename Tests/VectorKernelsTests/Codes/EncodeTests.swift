import Testing
import VectorKernels

@Suite struct EncodeTests {
  /// A code, as the C header defines it.
  private func code(_ x: Float, _ inverse: Float, _ bits: CodeBits) -> UInt8 {
    let position = (x * inverse + Float(1 << (Int(bits.rawValue) - 1))).rounded(.down)
    let largest = Float((1 << Int(bits.rawValue)) - 1)
    return position.isNaN ? 0 : UInt8(min(max(position, 0), largest))
  }

  private func encoded(_ numbers: [Float], _ inverse: Float, _ bits: CodeBits) -> [UInt8] {
    let bytes = bits.rowBytes(dimension: numbers.count)
    var row = [UInt8](repeating: 0xAA, count: bytes + 8)
    DistanceKernels.active.encode(numbers, numbers.count, inverse, UInt32(bits.rawValue), &row)
    #expect(row.suffix(8).allSatisfy { $0 == 0xAA })
    return row.dropLast(8)
  }

  @Test(arguments: CodeBits.allCases)
  func rowsArePackedAsTheKernelsReadThem(bits: CodeBits) {
    var random = SeededGenerator(seed: 3)
    for dimension in CodeKernelTests.dimensions {
      let numbers = random.floats(dimension)
      let inverse = Float(1 << Int(bits.rawValue)) / 3
      let codes = numbers.map { code($0, inverse, bits) }
      let sample = CodeSamples(bits, dimension: dimension, count: 0, &random)
      #expect(encoded(numbers, inverse, bits) == sample.packed(codes))
    }
  }

  @Test(arguments: CodeBits.allCases)
  func extremesAreConfined(bits: CodeBits) {
    let numbers: [Float] = [
      .nan, -.nan, .infinity, -.infinity, 3e38, -3e38, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e10,
      -0.5, 0.5, 1, -1,
    ]
    var random = SeededGenerator(seed: 4)
    let sample = CodeSamples(bits, dimension: numbers.count, count: 0, &random)
    for inverse: Float in [0, 1, 10, .infinity] {
      #expect(encoded(numbers, inverse, bits) == sample.packed(numbers.map { code($0, inverse, bits) }))
    }
  }

  @Test(arguments: CodeBits.allCases)
  func aCodeStandsForANumberNearby(bits: CodeBits) {
    var random = SeededGenerator(seed: 5)
    let levels = Float(1 << Int(bits.rawValue))
    let step = 2 / levels
    for number in random.floats(500, in: -0.999...0.999) {
      let found = Float(code(number, 1 / step, bits))
      #expect(abs((found - (levels - 1) / 2) * step - number) <= step * 0.5001)
    }
  }
}
