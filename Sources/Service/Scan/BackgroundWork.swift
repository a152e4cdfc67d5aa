import Foundation

/// Something that is done on a thread of its own now and then, one at a time.
///
/// - Concurrency: Belongs to one thread, which begins and waits.
final class BackgroundWork: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var isBusy = false
  private var failure: (any Error)?

  /// Begins, unless the last time is not over yet.
  ///
  /// - Parameter work: What to do.
  /// - Throws: What went wrong the last time.
  func begin(_ work: @escaping @Sendable () throws -> Void) throws {
    let isFree = try condition.withLock {
      try throwFailure()
      defer { isBusy = true }
      return !isBusy
    }
    guard isFree else { return }
    let thread = Thread { [self] in
      let outcome = Result { try work() }
      condition.withLock {
        if case .failure(let error) = outcome { failure = error }
        isBusy = false
        condition.broadcast()
      }
    }
    thread.name = "checkpoint"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Waits until nothing is being done.
  ///
  /// - Throws: What went wrong the last time.
  func wait() throws {
    try condition.withLock {
      while isBusy { condition.wait() }
      try throwFailure()
    }
  }

  private func throwFailure() throws {
    defer { failure = nil }
    if let failure { throw failure }
  }
}
