import Foundation

/// A Unix domain socket that listens, for processes of the same user.
///
/// Its file is never open to others, not even for a moment. One that a dead engine left is replaced; a live engine's is not.
final class LocalSocket: Sendable {
  private let descriptor: Int32
  private let path: String
  /// The file that was made, which may be another one's by the end.
  private let file: FileIdentity

  private struct FileIdentity: Equatable {
    let device: UInt64
    let node: UInt64
  }

  /// Listens.
  ///
  /// - Parameter path: Where its file is made.
  /// - Throws: ``SocketError``.
  init(path: String) throws(SocketError) {
    let limit = 107
    guard path.utf8.count <= limit else { throw .tooLong(path: path, limit: limit) }
    self.path = path
    // Two engines that start at once take turns, so that neither takes the other's new file for an old one.
    let directory = (path as NSString).deletingLastPathComponent
    // SAFETY: calls of the system with texts that live as long as the call, here and below.
    let gate = unsafe open(directory.isEmpty ? "." : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard gate >= 0 else { throw Self.failure(path, "open its directory") }
    defer { close(gate) }
    while flock(gate, LOCK_EX) != 0, errno == EINTR {}
    try Self.clear(path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure(path, "socket") }
    do throws(SocketError) {
      // The mode of the socket becomes that of its file.
      guard fchmod(descriptor, 0o600) == 0, unsafe Self.call(bind, descriptor, path) == 0 else {
        throw Self.failure(path, "bind")
      }
      guard let status = Self.status(of: path), unsafe status.st_mode & 0o077 == 0 || chmod(path, 0o600) == 0,
        listen(descriptor, 128) == 0
      else { throw Self.failure(path, "listen") }
      file = Self.identity(status)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  /// Waits for somebody to connect.
  ///
  /// - Parameter bell: Ends the waiting.
  /// - Returns: The connection; nil when the bell was rung.
  func accept(until bell: WakePipe) -> Int32? {
    while true {
      var polls = [descriptor, bell.waiting].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      // SAFETY: the call reads and writes the two structs of the array.
      if unsafe poll(&polls, 2, -1) < 0 { continue }
      if polls[1].revents != 0 { return nil }
      let connection = Foundation.accept(descriptor, nil, nil)
      if connection >= 0 {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
      }
      // Too many files are open: the caller stays in the queue, and the processor is not kept busy with it.
      if errno == EMFILE || errno == ENFILE { usleep(50_000) }
    }
  }

  /// Whether the process at the other end is of the same user, or of the system's.
  static func isOwn(_ connection: Int32) -> Bool {
    // The numbers of process, user and group.
    var credentials: [UInt32] = [.max, .max, .max]
    var size = socklen_t(12)
    // SAFETY: the call fills the twelve bytes of the array.
    guard unsafe getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return false }
    return credentials[1] == geteuid() || credentials[1] == 0
  }

  /// Stops listening and takes the file away, if it is still the one that was made.
  func end() {
    close(descriptor)
    // SAFETY: the text lives as long as the call.
    if let status = Self.status(of: path), Self.identity(status) == file { unsafe unlink(path) }
  }

  /// Takes away what a dead engine left.
  private static func clear(_ path: String) throws(SocketError) {
    guard let status = status(of: path) else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw failure(path, "socket") }
    defer { close(probe) }
    // SAFETY: the text lives as long as the call.
    guard unsafe call(connect, probe, path) != 0 else { throw .inUse(path: path) }
    guard errno == ECONNREFUSED else { throw failure(path, "connect") }
    // SAFETY: the text lives as long as the call.
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(path, "remove the old one") }
  }

  private static func call(
    _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32, _ path: String
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: the path fits with its end, as init has checked; the address outlives the call.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
      unsafe room.copyBytes(from: Array(path.utf8).prefix(room.count - 1))
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe function(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    // SAFETY: the call fills the struct that it is given.
    return unsafe lstat(path, &status) == 0 ? status : nil
  }

  private static func identity(_ status: stat) -> FileIdentity {
    FileIdentity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
  }

  private static func failure(_ path: String, _ operation: String) -> SocketError {
    let code = errno
    if code == EACCES || code == EPERM { return .permissionDenied(path: path) }
    // SAFETY: the text is copied at once.
    return .cannotCreate(path: path, reason: "\(operation): \(unsafe String(cString: strerror(code)))")
  }
}
