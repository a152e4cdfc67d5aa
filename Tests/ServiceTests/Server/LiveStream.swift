import Foundation
import Service
import Synchronization
import TestSupport
import WireProtocol

/// A conversation with workers, whose caller reads everything at once or nothing at all.
final class LiveStream: Sendable {
  private let window: Window
  private let conversation: Conversation
  private let queue: WorkQueue
  private let handler: RequestHandler
  private let workers = DispatchGroup()
  private let ended = DispatchSemaphore(value: 0)
  private let output = Mutex<(bytes: [UInt8], places: [Window.Places])>(([], []))
  private let reads: Bool

  /// Starts workers.
  ///
  /// - Parameters:
  ///   - engine: Answers.
  ///   - options: What the caller chose.
  ///   - threads: How many workers.
  ///   - reads: Whether answers are read as they come; otherwise their places are kept until ``readAll()``.
  ///   - limits: Of the window.
  init(
    _ engine: Engine, _ options: Conversation.Options = .init(), threads: Int = 2, reads: Bool = true,
    limits: Limits = Limits()
  ) {
    self.reads = reads
    let (window, queue) = (Window(limits: limits), WorkQueue(width: threads))
    (self.window, self.queue) = (window, queue)
    handler = RequestHandler(engine: engine, isReadOnly: false)
    let (ended, box) = (ended, Box())
    conversation = Conversation(
      handler, window: window, limits: limits, options: options, queue: queue, onEnd: { ended.signal() }
    ) { lines, places in
      guard let stream = box.stream else { return }
      stream.take(lines, places)
    }
    box.stream = self
    for _ in 0..<threads {
      Thread.detachNewThread { [workers] in
        workers.enter()
        queue.work()
        workers.leave()
      }
    }
  }

  private final class Box: @unchecked Sendable {
    weak var stream: LiveStream?
  }

  private func take(_ lines: borrowing ByteBuffer, _ places: Window.Places) {
    let new = lines.bytes
    output.withLock {
      $0.bytes += new
      if !reads { $0.places.append(places) }
    }
    if reads { window.leave(places) }
  }

  /// Feeds lines, in one piece.
  func send(_ lines: [String]) {
    var bytes: [UInt8] = []
    for line in lines { bytes += Array(line.utf8) + [10] }
    conversation.receive(bytes.span)
  }

  /// Tells it to stop, as a signal does.
  func stop() {
    conversation.cancelQueued()
    window.close()
  }

  /// The answers so far.
  var lines: [String] {
    output.withLock { String(decoding: $0.bytes, as: UTF8.self) }.split(separator: "\n").map(String.init)
  }

  /// Waits for so many answers.
  func lines(_ count: Int, within seconds: Double = 30) -> [String] {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while lines.count < count, Date() < deadline { usleep(1000) }
    return lines
  }

  /// Reads what nobody has read.
  func readAll() {
    let places = output.withLock { output in
      defer { output.places = [] }
      return output.places
    }
    for places in places { window.leave(places) }
  }

  /// Ends the input, waits for the rest of the answers, and gives all of them.
  @discardableResult
  func end() -> [String] {
    conversation.finish()
    ended.wait()
    queue.close()
    workers.wait()
    handler.editor.close()
    return lines
  }
}

/// A catalogue of a few rows of four numbers, to be edited.
extension Fixture {
  static func small(_ count: Int = 40) throws -> Fixture {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 3)
    let rows = (0..<count).map { _ in (0..<4).map { _ in Float.random(in: -1...1, using: &generator) } }
    try fixture.run(
      fixture.request(rows, metadata: rows.indices.map { #"{"key":"old/\#($0)","member":"m\#($0 % 3)"}"# }))
    return fixture
  }
}
