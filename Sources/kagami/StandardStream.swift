import Foundation

/// Standard output or standard error, to which all bytes get or the failure is known.
struct StandardStream {
  private let descriptor: Int32

  /// Results.
  static let output = StandardStream(descriptor: STDOUT_FILENO)
  /// Complaints and progress.
  static let errors = StandardStream(descriptor: STDERR_FILENO)

  /// Writes all bytes, and waits where the reader is slow.
  ///
  /// - Throws: ``OutputFailure`` where nobody can have them: the disk is full, the stream closed, or its reader gone.
  func write(_ text: String) throws(OutputFailure) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      // SAFETY: the write stays inside what is left of the array, which lives through the call.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        return unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 { done += count } else { try recover(from: errno) }
    }
  }

  /// Waits where the stream does not, as another holder of it may have asked for.
  private func recover(from code: Int32) throws(OutputFailure) {
    switch code {
    case EINTR: return
    case EAGAIN:
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      // SAFETY: the call reads and writes the one struct that it is given.
      _ = unsafe Foundation.poll(&poll, 1, -1)
    default:
      // SAFETY: strerror returns a terminated string that lives until the next call; it is copied at once.
      throw OutputFailure(reason: unsafe String(cString: strerror(code)), isClosed: code == EBADF)
    }
  }
}

/// What was to be printed could not be.
struct OutputFailure: Error, CustomStringConvertible {
  /// The system's words.
  let reason: String
  /// Whether there is no stream.
  let isClosed: Bool

  /// What happened, and what of it stands.
  var description: String {
    (isClosed ? "standard output is closed" : "standard output cannot be written: \(reason)")
      + ". Not all results were printed; what the command changed stays changed."
  }

  /// After sysexits.
  static let exitCode: Int32 = 74
}
