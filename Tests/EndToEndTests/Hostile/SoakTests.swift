import Foundation
import TestSupport
import Testing

/// Requests without end: memory and descriptors stay what they are.
///
/// `make soak` runs it for ten minutes.
@Suite struct SoakTests {
  private static let seconds = ProcessInfo.processInfo.environment["KAGAMI_SOAK_SECONDS"].flatMap(Double.init)

  /// What was measured at a moment.
  private struct Sample {
    let requests: Double
    let memory: Double
    let descriptors: Int
  }

  @Test(.timeLimit(.minutes(300)))
  func `Memory and descriptors are flat`() throws {
    let process = try SampleCatalogue().serve()
    let batch = Self.batch()
    let start = ContinuousClock.now
    var (samples, requests): ([Sample], Int) = ([], 0)
    // What is made once is made: answers of every kind, buffers at their size.
    for _ in 0..<3 { #expect(try process.exchange(batch).count == batch.count) }
    while ContinuousClock.now - start < .seconds(Self.seconds ?? 4) || samples.count < 8 {
      #expect(try process.exchange(batch).count == batch.count)
      requests += batch.count
      guard let memory = process.memory("VmRSS") else { return }
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd").count
      samples.append(Sample(requests: Double(requests), memory: Double(memory), descriptors: descriptors))
    }
    let half = Array(samples[(samples.count / 2)...])
    let slope = Self.slope(half)
    let growth = samples[samples.count - 1].memory - samples[0].memory
    if Self.seconds != nil {
      let rate = Double(requests) / ((ContinuousClock.now - start) / .seconds(1))
      print(
        "soak: \(requests) requests, \(Int(rate)) a second; resident \(Int(samples[0].memory) >> 10) KiB at first, "
          + "\(Int(samples[samples.count - 1].memory) >> 10) KiB at the end; slope of the second half "
          + "\(Int(slope * 1e6) >> 10) KiB a million requests; descriptors \(Set(samples.map(\.descriptors)).sorted())")
    }
    #expect(Set(samples.map(\.descriptors)).count == 1, "\(samples.map(\.descriptors))")
    #expect(growth < 8 * 1_048_576, "\(growth) bytes more after \(requests) requests")
    if requests > 500_000 { #expect(slope * 1e6 < 1_048_576, "\(slope) bytes a request") }
  }

  /// Least squares: bytes a request.
  private static func slope(_ samples: [Sample]) -> Double {
    let count = Double(samples.count)
    let (x, y) = (samples.map(\.requests).reduce(0, +) / count, samples.map(\.memory).reduce(0, +) / count)
    let products = samples.map { ($0.requests - x) * ($0.memory - y) }.reduce(0, +)
    return products / max(samples.map { ($0.requests - x) * ($0.requests - x) }.reduce(0, +), 1)
  }

  /// Requests of every kind that reads, and a few that are refused.
  private static func batch() -> [String] {
    let key = #""key":"moonreed/canal-under-stars/04""#
    return (0..<2_000).map { id in
      switch id % 20 {
      case 0: RequestLine.make("engine.stats", id)
      case 1: RequestLine.make("items.get", id, #""keys":["moonreed/canal-under-stars/04"]"#)
      case 2: RequestLine.make("items.count", id, #""filter":{"must":[{"key":"member","match":{"value":"moonreed"}}]}"#)
      case 3: RequestLine.make("search", id, key + #","k":5,"with_attributes":true"#)
      case 4: RequestLine.make("search", id, key + #","k":5,"group_by":"work""#)
      case 5: RequestLine.make("match", id, key + #","score_threshold":0.7"#)
      case 6: RequestLine.make("search", id, key + #","k":"five""#)
      case 7: "no request"
      default: RequestLine.make("search", id, key + #","k":3"#)
      }
    }
  }
}
