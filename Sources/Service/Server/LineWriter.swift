import Foundation
import WireProtocol

/// Writes whole lines to a descriptor, several in one system call when they queue up: the only one that writes the answers.
///
/// Nobody who adds a line waits for the reader at the other end; the ``Window`` bounds what can pile up.
///
/// 1. Whoever has a line adds it to the pending bytes under the lock.
/// 2. The writer's thread takes all pending bytes under the lock, leaving the empty buffer of its last turn, and writes them without it.
/// 3. When they are written it gives back the places of their requests.
final class LineWriter: @unchecked Sendable {
  private let descriptor: Int32
  private let window: Window
  private let condition = NSCondition()
  private let failed: @Sendable () -> Void
  // Guarded by `condition`.
  private var pending = ByteBuffer(capacity: 1 << 16)
  private var places = Window.Places()
  private var isClosed = false
  private var hasFailed = false
  private var isDone = false
  private var deadline: Date?

  /// A writer; ``start()`` it before the first line.
  ///
  /// - Parameters:
  ///   - descriptor: Where the lines go.
  ///   - window: Gets back the places of what is written.
  ///   - failed: Is called once when nobody reads any more.
  init(descriptor: Int32, window: Window, failed: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.window = window
    self.failed = failed
  }

  /// Starts the thread.
  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "writer"
    thread.start()
  }

  /// Adds lines, and the places that they give back.
  func add(_ lines: borrowing ByteBuffer, giving places: Window.Places) {
    condition.lock()
    if !hasFailed {
      lines.withBytes { pending.append($0) }
    }
    self.places.requests += places.requests
    self.places.bytes += places.bytes
    self.places.controls += places.controls
    condition.signal()
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

  private func run() {
    var writing = ByteBuffer(capacity: 1 << 16)
    while let places = takePending(&writing) {
      if writing.count > 0, !write(writing) { fail() }
      writing.removeAll()
      window.leave(places)
    }
    condition.lock()
    isDone = true
    condition.broadcast()
    condition.unlock()
  }

  private func takePending(_ writing: inout ByteBuffer) -> Window.Places? {
    condition.lock()
    defer { condition.unlock() }
    while pending.count == 0, places.requests + places.controls == 0, !isClosed { condition.wait() }
    if pending.count == 0, places.requests + places.controls == 0 { return nil }
    swap(&pending, &writing)
    defer { places = Window.Places() }
    return places
  }

  private func write(_ bytes: borrowing ByteBuffer) -> Bool {
    var done = 0
    while done < bytes.count {
      let result = bytes.withBytes { span in
        unsafe span.withUnsafeBytes { raw in
          // SAFETY: the call reads from `done` to the end of what is lent.
          unsafe Foundation.write(descriptor, raw.baseAddress.map { unsafe $0 + done }, raw.count - done)
        }
      }
      if result < 0, errno == EINTR { continue }
      if result < 0, errno == EAGAIN {
        waitUntilWritable()
        continue
      }
      guard result >= 0 else { return false }
      done += result
    }
    return true
  }

  private func waitUntilWritable() {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // SAFETY: the call reads and writes the one struct that it is given.
    _ = unsafe Foundation.poll(&poll, 1, -1)
  }

  private func fail() {
    condition.lock()
    let isFirst = !hasFailed
    hasFailed = true
    condition.unlock()
    if isFirst { failed() }
  }
}
