import Foundation
import WireProtocol

/// Writes whole lines, several in one system call when they queue up: the only one that writes the answers.
///
/// Nobody who adds a line waits for the reader at the other end; the ``Window`` bounds what can pile up.
///
/// 1. Whoever adds lines while nothing is being written writes them itself, as far as they are taken at once: a thread need not be woken for them.
/// 2. What is added meanwhile is gathered, and written by the same in a few turns more.
/// 3. What is not taken at once is left to the writer's thread, which waits for the reader.
/// 4. When lines are written the places of their requests are given back.
final class LineWriter: @unchecked Sendable {
  private let outlet: Outlet
  private let window: Window
  private let condition = NSCondition()
  private let failed: @Sendable () -> Void
  // Guarded by `condition`.
  private var pending = ByteBuffer(capacity: 1 << 12)
  private var places = Window.Places()
  private var isWriting = false
  /// Whether the thread is to go on with `writing`.
  private var isLeft = false
  private var isClosed = false
  private var hasFailed = false
  private var isDone = false
  private var deadline: Date?
  // Belong to whoever is writing.
  private var writing = ByteBuffer(capacity: 1 << 12)
  private var written = 0
  private var writingPlaces = Window.Places()

  /// Turns in which one that adds lines writes those of others too.
  private static let turns = 4
  /// Buffers that have grown beyond this are let go of when they are empty.
  private static let spareCapacity = 4 << 20

  /// A writer; ``start()`` it before the first line.
  ///
  /// - Parameters:
  ///   - descriptor: Where the lines go; taken over.
  ///   - window: Gets back the places of what is written.
  ///   - failed: Is called once when nobody reads any more.
  init(descriptor: Int32, window: Window, failed: @escaping @Sendable () -> Void) {
    outlet = Outlet(descriptor)
    self.window = window
    self.failed = failed
  }

  /// Starts the thread.
  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "writer"
    thread.stackSize = 1 << 19
    thread.start()
  }

  /// Adds lines, and the places that they give back.
  func add(_ lines: borrowing ByteBuffer, giving places: Window.Places) {
    condition.lock()
    guard !hasFailed else {
      condition.unlock()
      return window.leave(places)
    }
    guard !isWriting, pending.count == 0 else {
      lines.withBytes { pending.append($0) }
      self.places.add(places)
      return condition.unlock()
    }
    isWriting = true
    condition.unlock()
    let count = outlet.write(lines, from: 0, mayWait: false)
    guard let count, count == lines.count else {
      writing.removeAll()
      lines.withBytes { writing.append($0) }
      (written, writingPlaces) = (count ?? 0, places)
      return leave(toThread: true)
    }
    window.leave(places)
    writeOthers()
  }

  /// Writes what was added meanwhile, for some turns.
  private func writeOthers() {
    for _ in 0..<Self.turns {
      guard takePending() else { return }
      written = outlet.write(writing, from: 0, mayWait: false) ?? 0
      guard written == writing.count else { return leave(toThread: true) }
      window.leave(writingPlaces)
    }
    leave(toThread: false)
  }

  /// Takes what is pending, or ends writing where nothing is.
  private func takePending() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard pending.count > 0 || !places.isEmpty else {
      isWriting = false
      if isClosed { condition.broadcast() }
      return false
    }
    swap(&pending, &writing)
    if pending.capacity > Self.spareCapacity { pending = ByteBuffer(capacity: 1 << 12) }
    pending.removeAll()
    (writingPlaces, places) = (places, Window.Places())
    written = 0
    return true
  }

  /// Ends writing, or lets the thread go on with what is half written.
  private func leave(toThread isHalfWritten: Bool) {
    condition.lock()
    if isHalfWritten { isLeft = true } else { isWriting = false }
    condition.broadcast()
    condition.unlock()
  }

  /// Writes what is pending and waits until that is done.
  ///
  /// - Returns: Whether the reader at the other end was there all the time.
  func close() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
    while !isDone {
      guard let deadline else {
        condition.wait()
        continue
      }
      guard condition.wait(until: deadline) else { break }
    }
    return !hasFailed
  }

  /// Sees to it that a caller who does not read cannot hold up ``close()`` for longer.
  func hurry(within seconds: Double) {
    condition.lock()
    deadline = Date(timeIntervalSinceNow: seconds)
    condition.broadcast()
    condition.unlock()
  }

  // MARK: The writer's thread

  private func run() {
    while takeTurn() {
      while written < writing.count {
        guard let count = outlet.write(writing, from: written, mayWait: true) else {
          fail()
          break
        }
        written += count
        if count == 0 { outlet.wait() }
      }
      writing.removeAll()
      window.leave(writingPlaces)
      // What has come meanwhile is written by the thread too: the reader at the other end is slow.
      guard takePending() else { continue }
      leave(toThread: true)
    }
    condition.lock()
    isDone = true
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for something to write; false at the end.
  private func takeTurn() -> Bool {
    condition.lock()
    while !isLeft, isWriting || (pending.count == 0 && places.isEmpty && !isClosed) { condition.wait() }
    let isRest = isLeft
    isLeft = false
    if !isRest { isWriting = true }
    condition.unlock()
    if isRest { return true }
    return takePending()
  }

  private func fail() {
    condition.lock()
    let isFirst = !hasFailed
    hasFailed = true
    condition.unlock()
    if isFirst { failed() }
  }
}
