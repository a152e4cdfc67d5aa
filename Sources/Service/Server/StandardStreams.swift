import Foundation

/// Keeps standard output for answers alone.
public enum StandardStreams {
  /// Moves standard output to a descriptor that nobody else knows, and points the old one at standard error, so that a stray print of some
  /// library cannot corrupt the stream.
  ///
  /// - Returns: The descriptor to write answers to.
  /// - Throws: ``StreamError`` where the process has no standard output or too many files open.
  static func takeOutput() throws(StreamError) -> Int32 {
    // A reader that went away is an error of write(2), not a signal.
    signal(SIGPIPE, SIG_IGN)
    fillClosed()
    guard fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE != O_RDONLY else { throw .noOutput }
    let own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard own >= 0 else { throw errno == EBADF ? .noOutput : .noDescriptors }
    _ = dup2(STDERR_FILENO, STDOUT_FILENO)
    return own
  }

  /// Makes sure that so many files can be opened beside those that are.
  ///
  /// - Throws: ``StreamError`` where they cannot.
  static func requireDescriptors(_ count: Int) throws(StreamError) {
    var spare: [Int32] = []
    defer { for descriptor in spare { close(descriptor) } }
    for _ in 0..<count {
      let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
      // Where the stream is closed there is nothing to find out.
      guard descriptor >= 0 else {
        if errno == EMFILE { throw .noDescriptors }
        return
      }
      spare.append(descriptor)
    }
  }

  /// Opens what the caller had closed: a file that is opened later would get the number, and what is meant for the stream.
  ///
  /// To be called before any file is opened. The streams lead to `/dev/null`, input and output for reading only: what is written to the output
  /// fails, and is not taken for delivered. What is written to standard error is lost, as it would be anyway.
  public static func fillClosed() {
    let closed = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].filter { fcntl($0, F_GETFD) < 0 }
    guard !closed.isEmpty else { return }
    let null = "/dev/null"
    lead(closed.filter { $0 != STDERR_FILENO }, to: FileHandle(forReadingAtPath: null))
    lead(closed.filter { $0 == STDERR_FILENO }, to: FileHandle(forWritingAtPath: null))
  }

  private static func lead(_ streams: [Int32], to file: FileHandle?) {
    guard let file else { return }
    // Beyond the streams, so that the handle, which may have one of their numbers, can be closed before they are made.
    let spare = fcntl(file.fileDescriptor, F_DUPFD_CLOEXEC, 3)
    try? file.close()
    for stream in streams { _ = dup2(spare, stream) }
    close(spare)
  }
}
