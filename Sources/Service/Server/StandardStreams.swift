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
    guard isWritable(STDOUT_FILENO) else { throw .noOutput }
    let own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard own >= 0 else { throw errno == EBADF ? .noOutput : .noDescriptors }
    _ = dup2(STDERR_FILENO, STDOUT_FILENO)
    // Where standard error is closed a stray print is lost; for the library that made it nothing failed.
    if !isWritable(STDERR_FILENO) { lead([STDOUT_FILENO], to: FileHandle(forWritingAtPath: "/dev/null")) }
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
  /// To be called before any file is opened. The streams lead to `/dev/null`, and for reading only: what is written to them fails, and is not
  /// taken for delivered.
  public static func fillClosed() {
    let closed = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].filter { fcntl($0, F_GETFD) < 0 }
    if !closed.isEmpty { lead(closed, to: FileHandle(forReadingAtPath: "/dev/null")) }
  }

  private static func isWritable(_ stream: Int32) -> Bool { fcntl(stream, F_GETFL) & O_ACCMODE != O_RDONLY }

  private static func lead(_ streams: [Int32], to file: FileHandle?) {
    guard let file else { return }
    // Beyond the streams, so that the handle, which may have one of their numbers, can be closed before they are made.
    let spare = fcntl(file.fileDescriptor, F_DUPFD_CLOEXEC, 3)
    try? file.close()
    for stream in streams { _ = dup2(spare, stream) }
    close(spare)
  }
}
