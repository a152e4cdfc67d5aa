import Foundation
import WireProtocol

/// How much a stream may have under way: the back-pressure.
///
/// A request takes a place when it is read and gives it back when its answer has been written to the pipe, so that a caller within the window can always
/// finish writing even while it does not read. Control requests have places of their own.
///
/// - Concurrency: One thread takes, others give back.
package final class Window: @unchecked Sendable {
  private let condition = NSCondition()
  private let limits: Limits
  private let controlPlaces: Int
  // Guarded by `condition`.
  private var requests = 0
  private var bytes = 0
  private var controls = 0
  private var isClosed = false

  /// A window with nothing under way.
  ///
  /// - Parameters:
  ///   - limits: How many requests and bytes it admits.
  ///   - controlPlaces: How many control requests beside them.
  package init(limits: Limits, controlPlaces: Int = 8) {
    self.limits = limits
    self.controlPlaces = controlPlaces
  }

  /// Takes a place for a request of so many bytes; waits for one.
  ///
  /// - Returns: False once the window was closed.
  package func enter(bytes: Int, isControl: Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isClosed, !hasPlace(isControl) { condition.wait() }
    if isControl { controls += 1 } else { (requests, self.bytes) = (requests + 1, self.bytes + bytes) }
    return !isClosed
  }

  /// Whether a request could enter without waiting.
  package func hasRoom(isControl: Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return hasPlace(isControl)
  }

  /// Gives places back.
  package func leave(_ places: Places) {
    condition.lock()
    requests -= places.requests
    bytes -= places.bytes
    controls -= places.controls
    condition.signal()
    condition.unlock()
  }

  /// Lets whoever waits go on, for the stream ends.
  package func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  private func hasPlace(_ isControl: Bool) -> Bool {
    isControl
      ? controls < controlPlaces : requests < limits.windowRequests && (bytes < limits.windowBytes || requests == 0)
  }

  /// Places that answers give back when they are written.
  package struct Places: Sendable {
    /// Requests that are answered.
    package var requests = 0
    /// Their bytes.
    package var bytes = 0
    /// Control requests that are answered.
    package var controls = 0

    /// No places.
    package init() {}

    /// Adds the place of one request.
    package mutating func add(bytes: Int, isControl: Bool) {
      if isControl { controls += 1 } else { (requests, self.bytes) = (requests + 1, self.bytes + bytes) }
    }
  }
}
