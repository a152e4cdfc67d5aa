import Testing
import VectorKernels

@Suite struct SelectionTests {
  private func selected(
    _ scores: [Float], bias: [Float]? = nil, atLeast threshold: Float, by kernels: DistanceKernels
  ) -> [UInt32] {
    var out = [UInt32](repeating: .max, count: scores.count + 16)
    let count =
      if let bias {
        kernels.selectAtLeast(scores, bias, scores.count, threshold, &out)
      } else {
        kernels.selectAtLeast(scores, nil, scores.count, threshold, &out)
      }
    return Array(out.prefix(count))
  }

  @Test(arguments: InstructionSet.available, Array(0...67) + [128, 1000, 4099])
  func selectionIsAFilter(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count))
    var scores = random.floats(count)
    let bias = random.floats(count)
    for index in stride(from: 3, to: count, by: 7) { scores[index] = .nan }
    for index in stride(from: 5, to: count, by: 11) { scores[index] = 0.5 }
    for threshold in [-Float.infinity, -3, 0, 0.5, 1.9, 5, .infinity, .nan] {
      let plain = (0..<count).filter { scores[$0] >= threshold }.map { UInt32($0) }
      #expect(selected(scores, atLeast: threshold, by: kernels) == plain)
      let biased = (0..<count).filter { scores[$0] + bias[$0] >= threshold }.map { UInt32($0) }
      #expect(selected(scores, bias: bias, atLeast: threshold, by: kernels) == biased)
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1023, 1024, 1025, 3000])
  func oneBadNumberIsFound(count: Int) {
    func isAccepted(_ numbers: [Float]) -> Bool { DistanceKernels.active.allFinite(numbers.span) }
    var numbers = [Float](repeating: .greatestFiniteMagnitude, count: count)
    #expect(isAccepted(numbers))
    for index in Set([0, count / 2, count - 1]).filter({ numbers.indices.contains($0) }) {
      for bad in [Float.nan, .infinity, -.infinity, .signalingNaN] {
        numbers[index] = bad
        #expect(!isAccepted(numbers))
      }
      numbers[index] = -.leastNonzeroMagnitude
    }
    #expect(isAccepted(numbers))
  }

  @Test(arguments: awkwardDimensions)
  func squaredNormsAreOrderedAndAccurate(dimension: Int) {
    let kernels = DistanceKernels.active
    var random = SeededGenerator(seed: UInt64(dimension))
    let halves = random.floats(dimension).map { Float16($0) }
    let floats = halves.map { Float($0) }
    let exact = floats.reduce(0) { $0 + Double($1) * Double($1) }
    let norm = kernels.squaredNorm(floats.span)
    #expect(abs(norm - exact) <= 1e-14 * Double(dimension) * exact)
    #expect(kernels.squaredNorm(halves.span).bitPattern == norm.bitPattern)
  }
}
