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
  /// - Parameters:
  ///   - isIdle: Whether nothing is being done, so that looking for input takes no time from anything.
  ///   - body: Gets every piece, and may ask whether more could be read at once; answers whether to go on.
  func run(isIdle: () -> Bool, _ body: (Span<UInt8>, _ hasMore: () -> Bool) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var watch = InputWatch(descriptor, bell)
    while watch.wait(isIdle: isIdle) {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        // SAFETY: reads at most as many bytes as the buffer has.
        unsafe read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      guard body(buffer.span.extracting(first: count), { watch.hasInput }) else { return }
    }
  }
}
