import Foundation

/// An open file or directory of the system, closed when it goes out of scope.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let path: String

  /// How a file is opened.
  enum Mode {
    /// An existing file or directory, for reading or syncing.
    case reading
    /// A file for reading and writing, made where there is none.
    case writing
  }

  /// Opens `path`; child processes do not inherit it.
  init(opening path: String, for mode: Mode) throws(CatalogueError) {
    let flags = mode == .reading ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
    // SAFETY: the bridged C string lives until `open` returns, which keeps no pointer.
    number = unsafe open(path, flags, 0o644)
    self.path = path
    if number < 0 { throw CatalogueError.opening(errno, file: path) }
  }

  deinit {
    if number >= 0 { _ = close(number) }
  }

  /// Waits until everything written to the file, or the entries of the directory, are on the disk.
  borrowing func sync() throws(CatalogueError) {
    while fsync(number) != 0 {
      if errno != EINTR { throw CatalogueError.system(errno, file: path) }
    }
  }

  /// Takes the lock of the open file, unless someone else has it.
  ///
  /// - Parameter isShared: Whether others may hold it at the same time, if they too share it.
  /// - Returns: Whether this descriptor holds the lock now. It does so until ``unlock()``, or until it is closed.
  /// - Throws: The system's refusal, where it is not that someone has it.
  borrowing func tryLock(isShared: Bool = false) throws(CatalogueError) -> Bool {
    if flock(number, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return true }
    let code = errno
    if code == EWOULDBLOCK || code == EINTR { return false }
    throw CatalogueError.system(code, file: path)
  }

  /// Gives the lock back, also where a child process that was just forked still shares the open file.
  borrowing func unlock() {
    _ = flock(number, LOCK_UN)
  }

  /// Makes the file empty.
  borrowing func clear() throws(CatalogueError) {
    if ftruncate(number, 0) != 0 { throw CatalogueError.system(errno, file: path) }
  }

  /// Replaces the contents with a short text.
  borrowing func overwrite(with text: String) throws(CatalogueError) {
    var bytes = Array(text.utf8)
    // SAFETY: pointer and count describe one array that outlives the call, which keeps no pointer.
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe pwrite(number, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, off_t(done))
      }
      if written >= 0 { done += written } else if errno != EINTR { throw CatalogueError.system(errno, file: path) }
    }
    while ftruncate(number, off_t(bytes.count)) != 0 {
      if errno != EINTR { throw CatalogueError.system(errno, file: path) }
    }
  }

  /// The first 256 bytes as text.
  borrowing func beginning() -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    // SAFETY: `pread` writes at most the array's own count of bytes, and keeps no pointer.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(number, $0.baseAddress, $0.count, 0) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

extension CatalogueError {
  /// Says what the system's error `code` means for `file`.
  static func system(_ code: Int32, file: String) -> CatalogueError {
    // SAFETY: `strerror` returns a valid C string for every number; it is copied at once.
    let reason = unsafe String(cString: strerror(code))
    return switch code {
    case ENOENT, ENOTDIR: .missing(path: file)
    case EEXIST, ENOTEMPTY: .exists(path: file)
    case EACCES, EPERM, EROFS: .permissionDenied(file: file, reason: reason)
    case ENOSPC, EDQUOT: .full(file: file)
    default: .io(file: file, reason: reason)
    }
  }
}

/// Makes a directory.
func makeDirectory(_ path: String) throws(CatalogueError) {
  // SAFETY: the bridged C string lives until `mkdir` returns, which keeps no pointer.
  if unsafe mkdir(path, 0o755) != 0 { throw CatalogueError.system(errno, file: path) }
}

/// Gives a file or directory another name in one step; an existing file or non-empty directory is never replaced by a
/// directory.
func renameDirectory(_ path: String, to newPath: String) throws(CatalogueError) {
  // SAFETY: the bridged C strings live until `rename` returns, which keeps no pointer.
  if unsafe rename(path, newPath) != 0 {
    let code = errno
    throw code == ENOTDIR ? CatalogueError.exists(path: newPath) : CatalogueError.system(code, file: newPath)
  }
}
