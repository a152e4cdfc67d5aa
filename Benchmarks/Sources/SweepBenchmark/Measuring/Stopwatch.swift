import SweepResults

/// Times of one sweep point.
struct Stopwatch {
  private let started = ContinuousClock.now
  private let start = Processor.processSeconds

  /// What passed since, as a point without recall.
  func point(effort: Int, queries: Int) -> SweepPoint {
    let seconds = Processor.processSeconds - start
    let passed = (ContinuousClock.now - started) / .seconds(1)
    return SweepPoint(
      effort: "\(effort)", recall: 0, qps: Double(queries) / seconds, wallQps: Double(queries) / passed)
  }
}

extension SweepPoint {
  /// Adds the percentiles of the processor seconds of single queries.
  mutating func addLatencies(_ seconds: [Double]) {
    let sorted = seconds.sorted()
    guard !sorted.isEmpty else { return }
    func percentile(_ share: Double) -> Double {
      sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] * 1e6
    }
    p50Us = percentile(0.5)
    p99Us = percentile(0.99)
    p999Us = percentile(0.999)
  }
}
