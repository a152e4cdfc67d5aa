import Foundation
import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// What walks cost, counted: a stand-in for timing that does not depend on how busy the machine is.
///
/// After a change of building or walking: `KAGAMI_RECORD=1 swift test --filter WalkBaselineTests`, and read the difference. Counts are compared
/// exactly where instruction set and BLAS are those of the recording. Elsewhere products of matrices differ in their last bits, and with
/// them a few edges of a bulk build: there, counts may differ by two parts in a hundred.
@Suite struct WalkBaselineTests {
  struct Baseline: Codable, Equatable {
    var instructionSet: String
    var blas: String
    var walks: [Walk]
  }

  /// Means over the queries.
  struct Walk: Codable, Equatable {
    var metric: String
    var method: String
    var hops: Double
    var estimates: Double
    var rescored: Double
    var recall: Double

    func differs(from other: Walk, by tolerance: Double) -> Bool {
      guard metric == other.metric, method == other.method else { return true }
      let pairs = [
        (hops, other.hops), (estimates, other.estimates), (rescored, other.rescored), (recall, other.recall),
      ]
      return pairs.contains { abs($0 - $1) > tolerance * $1 }
    }
  }

  private static let path = "\(Repository.root)/Tests/VectorIndexTests/Fixtures/walk-baseline.json"

  @Test func walksCostWhatTheyDid() throws {
    let found = Baseline(
      instructionSet: KernelChoice.active.instructionSet.rawValue, blas: BLASLibrary.summary, walks: try measure())
    guard !Transcript.isRecording else { return try record(found) }
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.path))
    let known = try JSONDecoder().decode(Baseline.self, from: data)
    let isSameMachine = known.instructionSet == found.instructionSet && known.blas == found.blas
    #expect(found.walks.count == known.walks.count)
    for (found, known) in zip(found.walks, known.walks) {
      #expect(!found.differs(from: known, by: isSameMachine ? 0 : 0.02), "found \(found), known \(known)")
    }
  }

  private func measure() throws -> [Walk] {
    var generator = SeededGenerator(seed: 61)
    let vectors = generator.vectors(4000, dimension: 96, centres: 50)
    let queries = Array(vectors[..<(100 * 96)]).map { $0 + Float.random(in: -0.4...0.4, using: &generator) }
    return try Metric.allCases.flatMap { metric in
      let fixture = try IndexFixture(vectors, dimension: 96, metric: metric)
      let prepared = try fixture.queries(queries)
      return try BuildMethod.allCases.map { method in
        let index = try #require(
          fixture.index {
            $0.method = method
            $0.format = CodeFormat(.rotation, bits: .four)
          })
        let cost = fixture.walk(index, prepared, k: 10, width: 32).cost
        return Walk(
          metric: metric.rawValue, method: method.rawValue, hops: Double(cost.hops) / 100,
          estimates: Double(cost.estimates) / 100, rescored: Double(cost.rescored) / 100,
          recall: try #require(try fixture.recall(index, queries, width: 32)))
      }
    }
  }

  private func record(_ baseline: Baseline) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(baseline) + Data("\n".utf8)).write(to: URL(fileURLWithPath: Self.path))
  }
}
