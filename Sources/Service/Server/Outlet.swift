import Foundation
import WireProtocol

/// Where answers go: a descriptor that takes what it can at once.
///
/// Whether a write may block belongs to the open file, which others may share with us, so it must not be changed there. A pipe is opened once more, for
/// us alone; a socket is asked with every write; a file never makes anybody wait for a reader.
final class Outlet: @unchecked Sendable {
  /// How a write is kept from blocking.
  private enum Kind { case pipe, socket, file, terminal }

  private let descriptor: Int32
  private let kind: Kind

  /// Takes over a descriptor.
  init(_ descriptor: Int32) {
    var status = stat()
    // SAFETY: the call fills the struct that it is given.
    let mode = unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    switch mode {
    case S_IFIFO:
      // SAFETY: the text lives as long as the call.
      let own = unsafe open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if own >= 0 { close(descriptor) }
      (self.descriptor, kind) = own >= 0 ? (own, .pipe) : (descriptor, .terminal)
    case S_IFSOCK: (self.descriptor, kind) = (descriptor, .socket)
    case S_IFREG: (self.descriptor, kind) = (descriptor, .file)
    default: (self.descriptor, kind) = (descriptor, .terminal)
    }
  }

  deinit { close(descriptor) }

  /// Writes what can be written without waiting.
  ///
  /// - Parameters:
  ///   - bytes: What is to be written.
  ///   - start: How much of it was written before.
  ///   - mayWait: Whether to wait where there is no other way of writing.
  /// - Returns: How much was written now; nil where nobody reads any more.
  func write(_ bytes: borrowing ByteBuffer, from start: Int, mayWait: Bool) -> Int? {
    guard kind != .terminal || mayWait else { return 0 }
    while true {
      let count = bytes.withBytes { span in
        unsafe span.withUnsafeBytes { raw in
          // SAFETY: the calls read from `start` to the end of what is lent.
          let from = unsafe raw.baseAddress.map { unsafe $0 + start }
          return kind == .socket
            ? unsafe send(descriptor, from, raw.count - start, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            : unsafe Foundation.write(descriptor, from, raw.count - start)
        }
      }
      if count >= 0 { return count }
      if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
      guard errno == EINTR else { return nil }
    }
  }

  /// Waits until something can be written, or nobody reads any more.
  func wait() {
    guard kind == .pipe || kind == .socket else { return }
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // SAFETY: the call reads and writes the one struct that it is given.
    _ = unsafe Foundation.poll(&poll, 1, -1)
  }
}
