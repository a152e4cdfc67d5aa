import Foundation
import Synchronization
import VectorIndex

/// How much all streams of an engine may have under way together.
///
/// Every stream has a window of its own; many full ones would be too much. Each may always have one request, or so many that they have a few bytes: so
/// callers that ask for little, or that read what they get, are never held up by others who do not.
///
/// - Concurrency: Any thread may call it.
package final class SharedWindow: Sendable {
  /// Bytes of requests in progress, and bytes of unread answers, that the streams may have beyond their shares.
  package let limit: Int
  /// Bytes of either that a stream may have whatever the others do.
  package static let share = 1 << 20

  private let requestBytes = Atomic<Int>(0)
  private let answerBytes = Atomic<Int>(0)
  private let waitingCount = Atomic<Int>(0)
  private let waiting = Mutex<[ObjectIdentifier: Window]>([:])

  /// Nothing is under way.
  ///
  /// - Parameter limit: Bytes.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Whether a stream may have more requests under way that has so many bytes of them.
  func hasPlace(own: Int) -> Bool {
    own < Self.share || requestBytes.load(ordering: .sequentiallyConsistent) < limit
  }

  /// Whether so many bytes of unread answers are enough of them for a stream.
  func isClogged(own: Int) -> Bool {
    own > Self.share && answerBytes.load(ordering: .relaxed) > limit
  }

  /// Notes bytes of a request.
  func take(_ bytes: Int) {
    requestBytes.add(bytes, ordering: .sequentiallyConsistent)
  }

  /// Notes bytes of an answer.
  func answer(_ bytes: Int) {
    answerBytes.add(bytes, ordering: .relaxed)
  }

  /// Gives bytes of requests and answers back, and wakes streams that wait for some.
  ///
  /// - Returns: Whether streams that were clogged need not be so any more.
  func leave(requests: Int, answers: Int) -> Bool {
    let before = answerBytes.subtract(answers, ordering: .relaxed).oldValue
    let left = requestBytes.subtract(requests, ordering: .sequentiallyConsistent).newValue
    if left < limit, waitingCount.load(ordering: .sequentiallyConsistent) > 0 {
      for window in waiting.withLock({ Array($0.values) }) { window.look() }
    }
    return before > limit && before - answers <= limit
  }

  /// Notes that a stream waits for a place; it looks for one after this, and is told when there may be one.
  func wait(_ window: Window) {
    waiting.withLock { $0[ObjectIdentifier(window)] = window }
    waitingCount.add(1, ordering: .sequentiallyConsistent)
  }

  /// Notes that a stream waits no more.
  func endWait(_ window: Window) {
    waitingCount.subtract(1, ordering: .sequentiallyConsistent)
    waiting.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(window)) }
  }
}
