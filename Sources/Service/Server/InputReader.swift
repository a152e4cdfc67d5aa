import Foundation

/// Reads a descriptor in large pieces until its end, or until it is told to stop.
final class InputReader: Sendable {
  private let descriptor: Int32
  private let bell: WakePipe

  /// A reader.
  ///
  /// - Parameter descriptor: What is read.
  /// - Throws: ``StreamError`` where too many files are open.
  init(descriptor: Int32) throws(StreamError) {
    self.descriptor = descriptor
    bell = try WakePipe()
  }

  /// Makes ``run(_:)`` return, from any thread.
  func stop() { bell.ring() }

  /// Reads until the end.
  ///
  /// - Parameter body: Gets every piece; answers whether to go on.
  func run(_ body: (Span<UInt8>) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while waitForInput() {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        // SAFETY: reads at most as many bytes as the buffer has.
        unsafe read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      guard body(buffer.span.extracting(first: count)) else { return }
    }
  }

  /// Waits for input without using the processor; false when told to stop.
  private func waitForInput() -> Bool {
    var polls = [descriptor, bell.waiting].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // SAFETY: the call reads and writes the two structs of the array.
    while unsafe poll(&polls, 2, -1) < 0, errno == EINTR {}
    return polls[1].revents == 0
  }
}
