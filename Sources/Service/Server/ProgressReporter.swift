import Foundation
import WireProtocol

/// Tells a caller how far a request is, at most four times a second.
///
/// - Concurrency: Any thread may report.
final class ProgressReporter: @unchecked Sendable {
  private let token: RequestID
  private let send: @Sendable (borrowing ByteBuffer) -> Void
  private let lock = NSLock()
  // Guarded by `lock`.
  private var encoder = AnswerEncoder()
  private var last: ContinuousClock.Instant?

  /// The shortest time between two notifications.
  private static let interval = Duration.milliseconds(250)

  /// A reporter that has not reported yet.
  init(_ token: RequestID, send: @escaping @Sendable (borrowing ByteBuffer) -> Void) {
    (self.token, self.send) = (token, send)
  }

  /// Says how far things are, unless that was done a moment ago.
  func report(_ stage: String, _ done: Int, _ total: Int) {
    lock.lock()
    defer { lock.unlock() }
    let now = ContinuousClock.now
    if let last, now - last < Self.interval { return }
    last = now
    encoder.removeAll()
    encoder.progress(token: token, stage: stage, done: done, total: total)
    send(encoder.buffer)
  }
}
