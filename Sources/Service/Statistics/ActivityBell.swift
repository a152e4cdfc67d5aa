import Foundation
import Synchronization

/// Lets a thread sleep until something happens, without a timer.
///
/// Ringing costs one load unless somebody sleeps.
final class ActivityBell: @unchecked Sendable {
  private let isAwaited = Atomic(false)
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var isClosed = false

  /// Says that something happened, from any thread.
  func ring() {
    guard isAwaited.load(ordering: .sequentiallyConsistent) else { return }
    condition.lock()
    isAwaited.store(false, ordering: .relaxed)
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for the next ring.
  ///
  /// - Parameter isLate: Whether something happened already; asked when rings are heard.
  /// - Returns: False once closed.
  func wait(unless isLate: () -> Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    isAwaited.store(true, ordering: .sequentiallyConsistent)
    if isLate() { isAwaited.store(false, ordering: .relaxed) }
    while !isClosed, isAwaited.load(ordering: .relaxed) { condition.wait() }
    return !isClosed
  }

  /// Waits for a time.
  ///
  /// - Returns: False once closed, which ends the wait.
  func sleep(for time: Duration) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    let end = Date(timeIntervalSinceNow: time / .seconds(1))
    while !isClosed, condition.wait(until: end) {}
    return !isClosed
  }

  /// Ends all waiting.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
