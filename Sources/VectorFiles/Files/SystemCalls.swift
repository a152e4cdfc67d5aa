#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few calls to the operating system that reading and writing files takes, with their errors as values.
///
/// Files are read by `pread`, never mapped: one that shrinks while it is read then ends early, which is an error with
/// a reason, where a mapping would end the process.
enum SystemCalls {
  /// What the operating system answered instead of doing as it was told.
  struct Failure: Error {
    /// The error number.
    let code: Int32

    /// Whether no such file exists.
    var isMissingFile: Bool { code == ENOENT || code == ENOTDIR }

    /// Whether the path is a symbolic link, which is not followed where a file is written.
    var isLink: Bool { code == ELOOP }

    /// Whether this user may not do it.
    var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }

    /// The system's own words for the error.
    var message: String {
      // SAFETY: strerror returns a terminated string that lives until the next call; it is copied at once.
      unsafe String(cString: strerror(code))
    }
  }

  /// What a path leads to.
  struct Status {
    /// Whether it is a regular file: one with a size, that can be read at any offset.
    let isRegularFile: Bool
    /// The file's length in bytes.
    let byteCount: Int
  }

  /// Opens a file for reading; does not wait for a writer where the path is a pipe.
  static func openForReading(_ path: String) throws(Failure) -> Int32 {
    // SAFETY: the compiler passes the path as a terminated string that lives through the call.
    try opened(unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
  }

  /// Creates a file, or empties the one that is there, for writing; follows no link, and waits for no reader of a pipe.
  static func openForWriting(_ path: String) throws(Failure) -> Int32 {
    // SAFETY: the compiler passes the path as a terminated string that lives through the call.
    try opened(unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644))
  }

  /// Opens a file for reading and writing as it is; makes an empty one where there is none, and follows no link.
  static func openForUpdating(_ path: String) throws(Failure) -> Int32 {
    // SAFETY: the compiler passes the path as a terminated string that lives through the call.
    try opened(unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644))
  }

  /// Takes the lock of an open file until it is closed; false where another process has it.
  static func lock(_ descriptor: Int32) throws(Failure) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw Failure(code: errno) }
    return false
  }

  /// Cuts the end of a file off.
  static func truncate(_ descriptor: Int32, to byteCount: Int) throws(Failure) {
    while ftruncate(descriptor, off_t(byteCount)) != 0 {
      guard errno == EINTR else { throw Failure(code: errno) }
    }
  }

  private static func opened(_ descriptor: Int32) throws(Failure) -> Int32 {
    guard descriptor >= 0 else { throw Failure(code: errno) }
    return descriptor
  }

  /// Asks what an open descriptor leads to.
  static func status(of descriptor: Int32) throws(Failure) -> Status {
    var record = stat()
    // SAFETY: `record` is ours and lives through the call.
    guard unsafe fstat(descriptor, &record) == 0 else { throw Failure(code: errno) }
    return Status(isRegularFile: record.st_mode & S_IFMT == S_IFREG, byteCount: Int(record.st_size))
  }

  /// Whether a path leads to a folder.
  static func isDirectory(_ path: String) -> Bool {
    var record = stat()
    // SAFETY: the path is passed as a terminated string, and `record` is ours; both live through the call.
    return unsafe stat(path, &record) == 0 && record.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder; the one above it must exist.
  static func makeDirectory(_ path: String) throws(Failure) {
    // SAFETY: the path is passed as a terminated string that lives through the call.
    guard unsafe mkdir(path, 0o755) == 0 || isDirectory(path) else { throw Failure(code: errno) }
  }

  /// Reads bytes at an offset, as many as there are and fit.
  ///
  /// - Parameters:
  ///   - descriptor: The open file.
  ///   - offset: Where to start in the file.
  ///   - buffer: Takes the bytes.
  ///   - range: The part of the buffer to fill; it lies inside.
  /// - Returns: The number of bytes read; fewer than the range holds only at the end of the file.
  /// - Throws: What the operating system answered.
  static func read(
    _ descriptor: Int32, at offset: Int, into buffer: inout [UInt8], range: Range<Int>
  ) throws(Failure) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "the range must lie inside the buffer")
    var done = 0
    while done < range.count {
      // SAFETY: the range was just checked to lie inside the array; the read stays inside what is left of it.
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range.lowerBound + done..<range.upperBound])
        return unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset + done))
      }
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(code: errno)
      }
    }
    return done
  }

  /// Writes all bytes at the end of what was written so far.
  static func write(_ descriptor: Int32, _ bytes: [UInt8]) throws(Failure) {
    var done = 0
    while done < bytes.count {
      // SAFETY: the write stays inside what is left of the array.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        return unsafe systemWrite(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(code: errno)
      }
    }
  }

  /// Writes all bytes at an offset.
  static func write(_ descriptor: Int32, _ bytes: Span<UInt8>, at offset: Int) throws(Failure) {
    var done = 0
    while done < bytes.count {
      // SAFETY: the write stays inside what is left of the lent bytes.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(code: errno)
      }
    }
  }

  /// Waits until the disk has everything that was written.
  static func sync(_ descriptor: Int32) throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure(code: errno) }
  }

  /// Closes a descriptor; a write that the system kept back may fail here.
  static func close(_ descriptor: Int32) throws(Failure) {
    guard systemClose(descriptor) == 0 else { throw Failure(code: errno) }
  }
}

/// `write(2)`, under a name that the members above do not hide.
@unsafe private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  // SAFETY: the caller passes memory that holds `count` bytes through the call.
  unsafe write(descriptor, bytes, count)
}

/// `close(2)`, under a name that the members above do not hide.
private func systemClose(_ descriptor: Int32) -> Int32 {
  close(descriptor)
}
