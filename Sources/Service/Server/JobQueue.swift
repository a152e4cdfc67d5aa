import Foundation
import WireProtocol

/// A request on its way to a worker.
struct Job: Sendable {
  let number: Int
  let request: Request
  let vectors: VectorBuffer
  let received: ContinuousClock.Instant
  let bytes: Int
}

/// Jobs between the reader and the workers.
///
/// Bounded by the ``Window``, which admits them.
///
/// - Concurrency: Any thread may put and take.
final class JobQueue: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var jobs: [Job] = []
  private var head = 0
  private var isClosed = false

  /// Puts jobs, all under one lock, and wakes as many workers.
  func put(_ new: [Job]) {
    guard !new.isEmpty else { return }
    condition.lock()
    if head == jobs.count {
      jobs.removeAll(keepingCapacity: true)
      head = 0
    }
    jobs.append(contentsOf: new)
    if new.count == 1 { condition.signal() } else { condition.broadcast() }
    condition.unlock()
  }

  /// Takes the oldest job; waits for one.
  ///
  /// Nil once the queue is closed and empty.
  func take() -> Job? {
    condition.lock()
    defer { condition.unlock() }
    while head == jobs.count, !isClosed { condition.wait() }
    guard head < jobs.count else { return nil }
    defer { head += 1 }
    return jobs[head]
  }

  /// Says that no more jobs come.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
