import Foundation
import WireProtocol

/// Keeps answers until those before them have left, for callers that want them in the order of their requests.
///
/// Bounded by the ``Window``: a request whose answer waits here keeps its place.
///
/// - Concurrency: Any thread may hand in answers.
final class AnswerOrder: @unchecked Sendable {
  private struct Answer {
    var bytes: [UInt8]
    var places: Window.Places
  }

  private let lock = NSLock()
  private let send: Conversation.Send
  // Guarded by `lock`.
  private var next = 0
  private var waiting: [Int: Answer] = [:]
  private var buffer = ByteBuffer(capacity: 1 << 12)

  /// Nothing has left yet.
  init(_ send: @escaping Conversation.Send) { self.send = send }

  /// Hands in one answer.
  ///
  /// - Parameters:
  ///   - bytes: Whole lines.
  ///   - places: What they give back.
  ///   - place: The how-manieth line of the stream is answered.
  func add(_ bytes: Span<UInt8>, _ places: Window.Places, at place: Int) {
    lock.lock()
    defer { lock.unlock() }
    guard place == next else {
      waiting[place] = Answer(bytes: bytes.indices.map { bytes[$0] }, places: places)
      return
    }
    buffer.removeAll()
    buffer.append(bytes)
    var all = places
    next += 1
    while let answer = waiting.removeValue(forKey: next) {
      buffer.append(answer.bytes.span)
      all.add(answer.places)
      next += 1
    }
    send(buffer, all)
    if buffer.capacity > 4 << 20 { buffer = ByteBuffer(capacity: 1 << 12) }
  }
}
