import Synchronization
import WireProtocol

/// Whether a request in progress is still wanted: raised once by whoever does not want it any more, looked at by whoever works on it.
///
/// - Concurrency: Any thread may raise and look; the deadline is set before the request is handed on.
package final class Interruption: @unchecked Sendable {
  /// Why a request ends early.
  package enum Reason: UInt8, Sendable {
    /// The caller does not want the answer any more.
    case cancelled = 1
    /// The engine was told to stop.
    case shuttingDown
  }

  private let raised = Atomic<UInt8>(0)
  /// When the answer is of no use any more.
  package private(set) var deadline: ContinuousClock.Instant?
  /// Asks ``isRaised`` or for the deadline; made once, so that a search need not make it.
  private(set) var givesUp: @Sendable () -> Bool = { false }

  /// A request that is wanted.
  package init() {
    givesUp = { [unowned self] in isRaised || isLate }
  }

  /// Why the request is to end, if it is.
  package var reason: Reason? { Reason(rawValue: raised.load(ordering: .relaxed)) }

  /// Whether the request is to end.
  package var isRaised: Bool { raised.load(ordering: .relaxed) != 0 }

  /// Whether the time is over.
  package var isLate: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

  /// Asks the request to end; the first reason stays.
  package func raise(_ reason: Reason) {
    _ = raised.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
  }

  /// Begins anew, for another request.
  package func reset(deadline: ContinuousClock.Instant?) {
    raised.store(0, ordering: .relaxed)
    self.deadline = deadline
  }
}

extension Interruption.Reason {
  /// What the caller is told.
  ///
  /// - Parameter hasBegun: Whether work on the request had begun.
  /// - Returns: The error of the answer.
  func error(hasBegun: Bool) -> WireError {
    switch self {
    case .cancelled: WireError(.cancelled, "the request was cancelled; nothing has changed")
    case .shuttingDown:
      WireError(
        .shuttingDown,
        hasBegun
          ? "the engine was told to stop before this request was done; nothing has changed"
          : "the engine was told to stop before this request began")
    }
  }
}

extension WireError {
  /// A request whose time was over before anything was done.
  static let lateStart = WireError(
    .deadlineExceeded, "the deadline passed before the request began", pointer: "/params/deadline_ms")
}
