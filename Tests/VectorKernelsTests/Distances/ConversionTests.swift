import Testing
import VectorKernels

@Suite(.serialized) struct ConversionTests {
  static let allHalves = (0...UInt16.max).map { Float16(bitPattern: $0) }

  private func narrowed(_ input: [Float], by kernels: DistanceKernels) -> [UInt16] {
    var output = [Float16](repeating: 0, count: input.count)
    var span = output.mutableSpan
    kernels.narrow(input.span, into: &span)
    return output.map(\.bitPattern)
  }

  private func widened(_ input: [Float16], times factor: Float = 1, by kernels: DistanceKernels) -> [Float] {
    var output = [Float](repeating: 0, count: input.count)
    var span = output.mutableSpan
    kernels.widen(input.span, times: factor, into: &span)
    return output
  }

  /// The first place where two long lists differ; a failed comparison of the lists themselves takes seconds to describe.
  private func firstDifference(_ found: [UInt16], _ expected: [UInt16]) -> Int? {
    found.count == expected.count ? found.indices.first { found[$0] != expected[$0] } : min(found.count, expected.count)
  }

  @Test(arguments: InstructionSet.available)
  func everyHalfIsWidenedExactly(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let scalar = try #require(DistanceKernels.of(.scalar))
    let floats = widened(Self.allHalves, by: kernels)
    let wrong = zip(Self.allHalves, floats).first { half, float in
      half.isNaN ? !float.isNaN : float.bitPattern != Float(half).bitPattern
    }
    #expect(wrong == nil)
    #expect(floats.map(\.bitPattern) == widened(Self.allHalves, by: scalar).map(\.bitPattern))
    let scaled = widened(Self.allHalves, times: 0.37, by: kernels)
    #expect(zip(scaled, floats).allSatisfy { $0.bitPattern == ($1 * 0.37).bitPattern || $1.isNaN })
  }

  @Test(arguments: InstructionSet.available)
  func everyHalfSurvivesTheRoundTrip(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let halves = narrowed(widened(Self.allHalves, by: kernels), by: kernels)
    let wrong = zip(Self.allHalves, halves).first { half, found in
      half.isNaN ? !Float16(bitPattern: found).isNaN : found != half.bitPattern
    }
    #expect(wrong == nil)
  }

  @Test(arguments: InstructionSet.available)
  func halfwayCasesGoToTheEvenNeighbour(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let largest = Float16.greatestFiniteMagnitude.bitPattern
    let middles = (0...largest).map { bits -> Float in
      let next = bits == largest ? Float(65536) : Float(Float16(bitPattern: bits + 1))
      return (Float(Float16(bitPattern: bits)) + next) / 2
    }
    let bits = Array(0...largest)
    #expect(firstDifference(narrowed(middles, by: kernels), bits.map { $0 + $0 % 2 }) == nil)
    #expect(firstDifference(narrowed(middles.map(\.nextDown), by: kernels), bits) == nil)
    #expect(firstDifference(narrowed(middles.map(\.nextUp), by: kernels), bits.map { $0 + 1 }) == nil)
    #expect(firstDifference(narrowed(middles.map { -$0 }, by: kernels), bits.map { ($0 + $0 % 2) | 0x8000 }) == nil)
  }

  @Test(arguments: InstructionSet.available)
  func extremesAreNarrowedAlike(set: InstructionSet) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let input: [Float] = [.infinity, -.infinity, 1e30, -1e30, 1e-30, -1e-30, -0.0, .leastNonzeroMagnitude, 65519.99]
    let expected: [UInt16] = [0x7C00, 0xFC00, 0x7C00, 0xFC00, 0, 0x8000, 0x8000, 0, 0x7BFF]
    #expect(narrowed(input, by: kernels) == expected)
    let nans = [0x7F80_0001, 0x7FC0_0000, 0xFFFF_FFFF, 0xFF80_2000].map { Float(bitPattern: $0) }
    let padded = nans + [Float](repeating: 1, count: 28)
    #expect(narrowed(padded, by: kernels).prefix(4) == [0x7E00, 0x7E00, 0xFFFF, 0xFE01])
    #expect(narrowed(nans, by: kernels) == [0x7E00, 0x7E00, 0xFFFF, 0xFE01])
  }

  @Test(arguments: InstructionSet.available, Array(0...67))
  func nothingIsWrittenBeyondTheEnd(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    let numbers = (0..<count).map { Float($0) - 20 }
    var halves = [Float16](repeating: 99, count: count + 20)
    halves.withUnsafeMutableBytes { kernels.narrow(to: .float16)(numbers, $0.baseAddress!, count) }
    #expect(halves == numbers.map { Float16($0) } + [Float16](repeating: 99, count: 20))
    var floats = [Float](repeating: 99, count: count + 20)
    halves.withUnsafeBytes { kernels.widen(from: .float16)($0.baseAddress!, 2, &floats, count) }
    #expect(floats == numbers.map { 2 * $0 } + [Float](repeating: 99, count: 20))
    numbers.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      kernels.widen(from: .float32)(base, 3, &floats, count)
    }
    #expect(floats == numbers.map { 3 * $0 } + [Float](repeating: 99, count: 20))
    floats.withUnsafeMutableBytes { kernels.narrow(to: .float32)(numbers, $0.baseAddress!, count) }
    #expect(floats == numbers + [Float](repeating: 99, count: 20))
  }
}
