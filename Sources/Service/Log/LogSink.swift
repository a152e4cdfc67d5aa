import Foundation

/// Where lines of log go, without ever waiting for who reads them.
///
/// - A pipe is opened anew through `/proc` for this process alone, so that writing without waiting can be asked for: the flag belongs to what all
///   holders of standard error share, and the caller's other children may rely on waiting. Where that cannot be done the pipe is asked first
///   whether it has room; it then has room for 4,096 bytes, which it takes whole.
/// - A socket is written to with a flag of that one write.
/// - A terminal may be stopped by the person before it, and is asked first.
/// - A file takes what it is given; a full disk is a line that is dropped.
package struct LogSink {
  private enum Manner {
    case plain, asking, socket
  }

  private let descriptor: Int32
  private let manner: Manner

  /// Standard error, which stays as it is.
  ///
  /// Where it is closed every line is dropped; to be asked before something else gets its number.
  static func standardError() -> LogSink {
    LogSink(descriptor: fcntl(STDERR_FILENO, F_GETFD) < 0 ? -1 : STDERR_FILENO)
  }

  /// A sink on an open descriptor.
  package init(descriptor: Int32) {
    var record = stat()
    // SAFETY: `record` is ours and lives through the call.
    let isKnown = unsafe fstat(descriptor, &record) == 0
    switch isKnown ? record.st_mode & S_IFMT : S_IFCHR {
    case S_IFREG: (self.descriptor, manner) = (descriptor, .plain)
    case S_IFSOCK: (self.descriptor, manner) = (descriptor, .socket)
    case S_IFIFO:
      // SAFETY: the path is passed as a terminated string that lives through the call.
      let own = unsafe open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      (self.descriptor, manner) = own >= 0 ? (Self.aside(own), .plain) : (descriptor, .asking)
    default: (self.descriptor, manner) = (descriptor, .asking)
    }
  }

  /// The end of a file, which is made where there is none.
  ///
  /// - Throws: ``LogFailure`` where it cannot be opened; a pipe without a reader among them.
  init(path: String) throws(LogFailure) {
    // SAFETY: the path is passed as a terminated string that lives through the call.
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else {
      let code = errno
      // SAFETY: strerror returns a terminated string that lives until the next call; it is copied at once.
      throw LogFailure(file: path, reason: unsafe String(cString: strerror(code)), code: code)
    }
    (self.descriptor, manner) = (Self.aside(descriptor), .plain)
  }

  /// The same file beyond the numbers of the standard streams, one of which may have been closed.
  private static func aside(_ descriptor: Int32) -> Int32 {
    guard descriptor <= STDERR_FILENO else { return descriptor }
    defer { close(descriptor) }
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
  }

  /// Writes a line of at most 4,096 bytes.
  ///
  /// - Returns: Whether it was taken whole.
  package func write(_ line: [UInt8]) -> Bool {
    if manner == .asking, !hasRoom { return false }
    var result: Int
    repeat {
      result = unsafe line.withUnsafeBytes { bytes in
        // SAFETY: the call reads as many bytes as the array has.
        manner == .socket
          ? unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
          : unsafe Foundation.write(descriptor, bytes.baseAddress, bytes.count)
      }
    } while result < 0 && errno == EINTR
    return result == line.count
  }

  private var hasRoom: Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // SAFETY: the call reads and writes the one struct that it is given.
    return unsafe Foundation.poll(&poll, 1, 0) == 1 && poll.revents & Int16(POLLOUT) != 0
  }
}

/// Why a file of log cannot be opened.
public struct LogFailure: Error, Hashable, Sendable, CustomStringConvertible {
  let file: String
  let reason: String
  let code: Int32

  /// What happened and what to do.
  public var description: String {
    "\(file) cannot be opened for the log: \(reason); check the path, or leave --log-file out"
  }

  /// The exit code, after sysexits.
  var exitCode: Int32 { code == EACCES || code == EPERM ? 77 : 73 }
}
