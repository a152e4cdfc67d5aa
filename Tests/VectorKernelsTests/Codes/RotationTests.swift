import Testing
import VectorKernels

@Suite struct RotationTests {
  static let counts = (0...13).map { 1 << $0 }

  private func transformed(_ numbers: [Float], by kernels: DistanceKernels) -> [Float] {
    var result = numbers + [99]
    kernels.hadamard(&result, numbers.count)
    #expect(result.last == 99)
    return result.dropLast()
  }

  /// The stages of the definition, one after the other.
  private func staged(_ numbers: [Float]) -> [Float] {
    var x = numbers
    var h = 1
    while h < x.count {
      for i in x.indices where i & h == 0 { (x[i], x[i + h]) = (x[i] + x[i + h], x[i] - x[i + h]) }
      h *= 2
    }
    let scale = Float(1 / Double(x.count).squareRoot())
    return x.map { $0 * scale }
  }

  @Test(arguments: InstructionSet.available, counts)
  func everySetGivesTheSameBits(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count))
    for _ in 0..<3 {
      let numbers = random.floats(count)
      #expect(transformed(numbers, by: kernels).map(\.bitPattern) == staged(numbers).map(\.bitPattern))
    }
    let zeros = (0..<count).map { $0 % 3 == 0 ? -0.0 : Float(0) }
    #expect(transformed(zeros, by: kernels).map(\.bitPattern) == staged(zeros).map(\.bitPattern))
  }

  @Test(arguments: InstructionSet.available, counts)
  func twiceIsNothing(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count) + 1)
    let numbers = random.floats(count)
    let twice = transformed(transformed(numbers, by: kernels), by: kernels)
    #expect(zip(numbers, twice).allSatisfy { abs($0 - $1) < 2e-5 })
  }

  /// A one at place j becomes row j of the matrix: the sign is the parity of the bits that i and j share.
  @Test(arguments: InstructionSet.available, [1, 2, 8, 16, 64, 256])
  func theOrderIsNatural(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let scale = Float(1 / Double(count).squareRoot())
    for j in 0..<count {
      let unit = (0..<count).map { $0 == j ? Float(1) : 0 }
      let row = (0..<count).map { ($0 & j).nonzeroBitCount % 2 == 0 ? scale : -scale }
      #expect(transformed(unit, by: kernels) == row)
    }
  }

  @Test(arguments: InstructionSet.available, Array(0...70) + [512, 1000])
  func signsFlipWhereBitsAreSet(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count) + 2)
    let words = (0..<(count + 31) / 32).map { _ in UInt32.random(in: 0 ... .max, using: &random) }
    let numbers = random.floats(count) + [7]
    let expected = numbers.indices.map { i in
      i < count && words[i / 32] >> UInt32(i % 32) & 1 == 1 ? -numbers[i] : numbers[i]
    }
    var flipped = numbers
    kernels.flipSigns(&flipped, words, count)
    #expect(flipped.map(\.bitPattern) == expected.map(\.bitPattern))
  }
}
