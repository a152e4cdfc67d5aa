import Foundation

/// A spawned `kagami` with raw control of its three streams: partial writes, never reading, closing, signals.
///
/// Everything that waits has a deadline, and the process is killed with the object, so that no test hangs and nothing is left behind.
///
/// - Concurrency: Belongs to one thread at a time.
public final class EngineProcess {
  /// What becomes of standard error.
  public enum ErrorStream: Sendable {
    /// Goes to a file without a name; ``EngineProcess/errorText`` reads it.
    case kept
    /// Is closed before the process starts.
    case closed
    /// Is a pipe that nobody reads.
    case neverRead
  }

  /// How a process ended.
  public enum End: Equatable, Sendable {
    /// It exited with a code.
    case exit(Int32)
    /// A signal ended it.
    case signal(Int32)
  }

  /// How long anything may take that should not take long; long enough for a machine that does much else.
  public static let patience = Duration.seconds(120)

  /// Its number.
  public let id: pid_t
  /// What must live as long as the process, such as the folder that it works in.
  public var companion: AnyObject?
  var input: Int32
  var output: Int32
  var received = ReceivedLines()
  let errors: Int32
  private var end: End?

  /// Starts it.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - errorStream: What becomes of standard error.
  ///   - preparation: Commands of a shell that becomes the process after them, such as `ulimit -n 32`.
  /// - Throws: `POSIXError` where it cannot be started.
  public init(_ arguments: [String], errorStream: ErrorStream = .kept, after preparation: String? = nil) throws {
    signal(SIGPIPE, SIG_IGN)
    // No other child may be born between a descriptor and its mark not to be inherited.
    Self.births.lock()
    defer { Self.births.unlock() }
    let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, stdin.reading, 0)
    posix_spawn_file_actions_adddup2(&files, stdout.writing, 1)
    switch errorStream {
    case .kept:
      errors = Self.namelessFile()
      posix_spawn_file_actions_adddup2(&files, errors, 2)
      close(stderr.reading)
    case .closed:
      errors = -1
      posix_spawn_file_actions_addclose(&files, 2)
      close(stderr.reading)
    case .neverRead:
      errors = stderr.reading
      posix_spawn_file_actions_adddup2(&files, stderr.writing, 2)
    }
    // What this process has inherited itself must not count among the engine's descriptors.
    for descriptor in Int32(3)..<256 {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0 { posix_spawn_file_actions_addclose(&files, descriptor) }
    }
    var words = [Repository.executable] + arguments
    if let preparation { words = ["/bin/sh", "-c", "\(preparation); exec \"$@\"", "sh"] + words }
    id = try Self.spawn(words, &files)
    for descriptor in [stdin.reading, stdout.writing, stderr.writing] { close(descriptor) }
    (input, output) = (stdin.writing, stdout.reading)
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if end == nil {
      kill(id, SIGKILL)
      var status: Int32 = 0
      waitpid(id, &status, 0)
    }
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  /// Both ends of a pipe, which no other child inherits.
  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }
  }

  private static let births = NSLock()

  /// A file to write to and read from that is gone with its descriptor.
  private static func namelessFile() -> Int32 {
    var name = Array("\(FileManager.default.temporaryDirectory.path)/kagami-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    return descriptor
  }

  private static func spawn(_ words: [String], _ files: inout posix_spawn_file_actions_t) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The child shall meet signals as the child of a shell does, whatever the thread of this test blocks or ignores.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0], &files, &attributes, &arguments, environ)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    return child
  }

  // MARK: The end

  /// Sends a signal.
  public func send(signal: Int32) { kill(id, signal) }

  /// Waits for the end.
  ///
  /// - Throws: ``Impatience`` where it does not come in time.
  public func waitForEnd(within time: Duration = patience) throws -> End {
    if let end { return end }
    let deadline = ContinuousClock.now + time
    var status: Int32 = 0
    while waitpid(id, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < deadline else { throw Impatience("the process does not end", self) }
      usleep(1000)
    }
    let result: End = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
    end = result
    return result
  }

  func wait(for descriptor: Int32, _ event: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let left = max(0, (deadline - .now) / .milliseconds(1))
      let ready = Foundation.poll(&poll, 1, Int32(left.rounded(.up)))
      if ready >= 0 { return ready > 0 }
    }
  }
}

/// Something did not happen in time.
public struct Impatience: Error, CustomStringConvertible {
  /// What it was, and what the process said.
  public let description: String

  init(_ what: String, _ process: EngineProcess) {
    let errors = process.errorText
    description = errors.isEmpty ? what : "\(what); standard error:\n\(errors)"
  }
}
