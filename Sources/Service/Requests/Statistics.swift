import Foundation
import Synchronization

/// Counters since the start of the engine.
///
/// - Concurrency: Any thread may count at any time.
package final class Statistics: Sendable {
  private let started = ContinuousClock.now
  private let requests = Atomic<Int>(0)
  private let errors = Atomic<Int>(0)
  private let vectors = Atomic<Int>(0)
  private let bytesIn = Atomic<Int>(0)
  private let bytesOut = Atomic<Int>(0)
  private let inProgress = Atomic<Int>(0)

  /// Nothing was counted yet.
  package init() {}

  func countRequest(bytes: Int) {
    requests.add(1, ordering: .relaxed)
    bytesIn.add(bytes, ordering: .relaxed)
  }

  func countError() { errors.add(1, ordering: .relaxed) }

  func countSearch(vectors count: Int) { vectors.add(count, ordering: .relaxed) }

  func countOutput(bytes: Int) { bytesOut.add(bytes, ordering: .relaxed) }

  /// Notes that a request is worked on; answers how many are now.
  func begin() -> Int { inProgress.add(1, ordering: .relaxed).newValue }

  /// Notes that a request is answered.
  func end() { inProgress.subtract(1, ordering: .relaxed) }

  /// Names and values, as `engine.stats` shows them.
  var counters: [(String, Int)] {
    [
      ("uptime_ms", Int((ContinuousClock.now - started) / .milliseconds(1))),
      ("requests", requests.load(ordering: .relaxed)),
      ("errors", errors.load(ordering: .relaxed)),
      ("vectors_searched", vectors.load(ordering: .relaxed)),
      ("bytes_in", bytesIn.load(ordering: .relaxed)),
      ("bytes_out", bytesOut.load(ordering: .relaxed)),
      ("in_progress", inProgress.load(ordering: .relaxed)),
      ("resident_bytes", Self.residentBytes),
    ]
  }

  /// Memory of this process that is not swapped out, mapped files among it; 0 where the system does not tell.
  private static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }
}
