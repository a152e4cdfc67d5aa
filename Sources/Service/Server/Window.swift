import Foundation
import Synchronization
import WireProtocol

/// How much a stream may have under way: the back-pressure.
///
/// A request takes a place when it is read and gives it back when its answer has been written to the pipe, so that a caller within the window can always
/// finish writing even while it does not read. Control requests have places of their own. So have refusals of what comes beyond the window, where such
/// is refused; they are many and small, and bounded like everything else.
///
/// - Concurrency: One thread takes, others give back.
package final class Window: @unchecked Sendable {
  private let condition = NSCondition()
  private let limits: Limits
  private let controlPlaces: Int
  private let shared: SharedWindow?
  // Guarded by `condition`.
  private var requests = 0
  private var bytes = 0
  private var controls = 0
  private var refusals = 0
  private var notes = 0
  private var isClosed = false
  private var isRetired = false
  private var pace = Pace()
  /// Bytes of answers that are not written yet.
  private let unwritten = Atomic<Int>(0)
  private let isEnding = Atomic(false)
  /// Hears that answers were written after there had been too many of them, here or at all streams; set before the first is.
  var onRelief: @Sendable () -> Void = {}

  /// Refusals beyond the window that may wait to be read.
  private static let refusalPlaces = 1024
  /// Notifications that may wait to be read.
  private static let notePlaces = 16

  /// A window with nothing under way.
  ///
  /// - Parameters:
  ///   - limits: How many requests and bytes it admits.
  ///   - controlPlaces: How many control requests beside them; the limits say unless given.
  ///   - shared: What it has to keep to together with others.
  package init(limits: Limits, controlPlaces: Int? = nil, shared: SharedWindow? = nil) {
    self.limits = limits
    self.shared = shared
    self.controlPlaces = controlPlaces ?? limits.windowControls
  }

  /// Takes a place for a request of so many bytes; waits for one.
  ///
  /// - Returns: False once the window was closed.
  package func enter(bytes: Int, isControl: Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    if !hasPlace(isControl) {
      // Others may give back what there is too little of.
      shared?.wait(self)
      while !isClosed, !hasPlace(isControl) { condition.wait() }
      shared?.endWait(self)
    }
    take(bytes, isControl)
    return !isClosed
  }

  /// Looks again whether there is a place, for another stream has given some back.
  func look() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Takes a place if there is one.
  package func tryEnter(bytes: Int, isControl: Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard !isClosed, hasPlace(isControl) else { return false }
    take(bytes, isControl)
    return true
  }

  /// Takes a place for the refusal of a request that finds no place; waits for one.
  ///
  /// - Returns: False once the window was closed.
  package func enterRefusal() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isClosed, refusals >= Self.refusalPlaces { condition.wait() }
    refusals += 1
    return !isClosed
  }

  /// Takes a place for a notification, if there is one.
  package func enterNote() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard !isClosed, notes < Self.notePlaces else { return false }
    notes += 1
    return true
  }

  /// Whether a request could enter without waiting.
  package func hasRoom(isControl: Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return hasPlace(isControl)
  }

  /// Milliseconds in which about half of what is under way will be answered, as things went so far.
  package var patience: Int {
    condition.lock()
    defer { condition.unlock() }
    return pace.milliseconds(for: (requests + 1) / 2)
  }

  /// Why there is no place, and when to ask again.
  package var overload: WireError {
    condition.lock()
    let isFull = requests >= limits.windowRequests || bytes >= limits.windowBytes
    condition.unlock()
    // Where there is room again by now, it was its own window that was full, unless others are counted too.
    if let shared, !isFull {
      return WireError(
        .overloaded,
        "more than \(shared.limit >> 20) MiB of all callers together are under way; read answers, then send this again",
        limit: shared.limit, retryAfter: patience)
    }
    return WireError(
      .overloaded,
      "more than \(limits.windowRequests) requests or \(limits.windowBytes >> 20) MiB are under way; read answers, then send this again",
      limit: limits.windowRequests, retryAfter: patience)
  }

  /// Notes that an answer is to be written.
  package func answer(bytes: Int) {
    unwritten.add(bytes, ordering: .relaxed)
    shared?.answer(bytes)
  }

  /// Whether so many answers wait to be written that no more should be made; at the end of the stream whatever is left is answered.
  package var isClogged: Bool {
    let own = unwritten.load(ordering: .relaxed)
    guard own > limits.windowBytes || shared?.isClogged(own: own) ?? false else { return false }
    return !isEnding.load(ordering: .relaxed)
  }

  /// Gives places back.
  package func leave(_ places: Places) {
    let wasClogged = isClogged
    unwritten.subtract(places.answerBytes, ordering: .relaxed)
    condition.lock()
    requests -= places.requests
    bytes -= places.bytes
    controls -= places.controls
    refusals -= places.refusals
    notes -= places.notes
    pace.note(places.requests, isBusy: requests > 0)
    condition.signal()
    let shared = isRetired ? nil : shared
    condition.unlock()
    let relievesOthers = shared?.leave(requests: places.bytes, answers: places.answerBytes) ?? false
    if relievesOthers || wasClogged && !isClogged { onRelief() }
  }

  /// Gives back to others what this stream never will: its end has come.
  package func retire() {
    condition.lock()
    let (left, first) = (bytes, !isRetired)
    isRetired = true
    condition.unlock()
    let answers = unwritten.load(ordering: .relaxed)
    if first, shared?.leave(requests: left, answers: answers) ?? false { onRelief() }
  }

  /// Lets whoever waits go on, for the stream ends.
  package func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
    isEnding.store(true, ordering: .relaxed)
    onRelief()
  }

  private func take(_ bytes: Int, _ isControl: Bool) {
    guard !isControl else {
      controls += 1
      return
    }
    (requests, self.bytes) = (requests + 1, self.bytes + bytes)
    shared?.take(bytes)
  }

  private func hasPlace(_ isControl: Bool) -> Bool {
    if isControl { return controls < controlPlaces }
    if requests == 0 { return limits.windowRequests > 0 }
    return requests < limits.windowRequests && bytes < limits.windowBytes && (shared?.hasPlace(own: bytes) ?? true)
  }

  /// Places that answers give back when they are written.
  package struct Places: Sendable {
    /// Requests that are answered.
    package var requests = 0
    /// Their bytes.
    package var bytes = 0
    /// Control requests that are answered.
    package var controls = 0
    /// Requests that were refused beyond the window.
    package var refusals = 0
    /// Notifications.
    package var notes = 0
    /// Bytes of the answers.
    package var answerBytes = 0

    /// No places.
    package init() {}

    /// Adds the place of one request.
    package mutating func add(bytes: Int, isControl: Bool) {
      if isControl { controls += 1 } else { (requests, self.bytes) = (requests + 1, self.bytes + bytes) }
    }

    /// Adds other places.
    package mutating func add(_ other: Places) {
      requests += other.requests
      bytes += other.bytes
      controls += other.controls
      refusals += other.refusals
      notes += other.notes
      answerBytes += other.answerBytes
    }

    /// Whether these are none.
    var isEmpty: Bool { requests + controls + refusals + notes == 0 }
  }
}
