import Foundation

/// A spawned process with its streams as lines: nothing waits without a deadline, and nothing is left behind.
///
/// - Concurrency: Belongs to one thread.
final class Child {
  /// How a process ended.
  enum End: Equatable {
    /// It exited with a code.
    case exit(Int32)
    /// A signal ended it.
    case signal(Int32)
  }

  /// Its number.
  let id: pid_t
  private var input: Int32
  private let output: Int32
  private let errors: Int32
  private var outgoing: [UInt8] = []
  private var incoming: [UInt8] = []
  private var end: End?

  /// Starts a process.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments.
  ///   - environment: What is added to this process's environment.
  ///   - preparation: Commands of a shell that becomes the process after them, such as `ulimit -n 32`.
  /// - Throws: `POSIXError` where it cannot be started.
  init(_ words: [String], environment: [String: String] = [:], after preparation: String? = nil) throws {
    let (stdin, stdout) = (try Pipe(), try Pipe())
    let errors = try Self.namelessFile()
    var words = words
    if let preparation { words = ["/bin/sh", "-c", "\(preparation); exec \"$@\"", "sh"] + words }
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    do {
      id = try Self.spawn(
        words, environment: variables.map { "\($0)=\($1)" }, streams: [stdin.reading, stdout.writing, errors])
    } catch {
      for descriptor in [stdin.reading, stdin.writing, stdout.reading, stdout.writing, errors] { close(descriptor) }
      throw error
    }
    close(stdin.reading)
    close(stdout.writing)
    (input, output, self.errors) = (stdin.writing, stdout.reading, errors)
    for descriptor in [input, output] { setFlags(of: descriptor, F_SETFL, O_NONBLOCK) }
  }

  deinit {
    if end == nil {
      kill(id, SIGKILL)
      _ = status(options: 0)
    }
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  // MARK: Streams

  /// Puts a line in front of the process; ``pump(for:)`` writes it.
  func send(_ line: String) {
    outgoing += line.utf8
    outgoing.append(10)
  }

  /// Ends standard input once everything is written.
  func closeInput(within time: Duration) {
    let deadline = ContinuousClock.now + time
    while !outgoing.isEmpty, ContinuousClock.now < deadline, pump(for: .milliseconds(20)) {}
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  /// Writes and reads what can be, and waits for one of them.
  ///
  /// - Parameter time: How long to wait.
  /// - Returns: False once the process has closed its output and nothing more will come.
  @discardableResult
  func pump(for time: Duration) -> Bool {
    var polls = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    if !outgoing.isEmpty, input >= 0 { polls.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
    let milliseconds = Int32((time / .milliseconds(1)).rounded(.up))
    // SAFETY: the array has as many entries as are announced.
    guard unsafe poll(&polls, nfds_t(polls.count), milliseconds) > 0 else { return true }
    if polls.count > 1, polls[1].revents != 0 { write() }
    return polls[0].revents == 0 || read()
  }

  /// The next whole line that came.
  func takeLine() -> [UInt8]? {
    guard let end = incoming.firstIndex(of: 10) else { return nil }
    defer { incoming.removeFirst(end + 1) }
    return Array(incoming[..<end])
  }

  /// What was written to standard error so far.
  var errorText: String { contents(of: errors) }

  private func write() {
    // SAFETY: the call reads as many bytes as the array has.
    let count = unsafe outgoing.withUnsafeBytes { unsafe Foundation.write(input, $0.baseAddress, $0.count) }
    if count > 0 { outgoing.removeFirst(count) }
    // A process that is gone reads no more.
    if count < 0, errno != EAGAIN, errno != EINTR { outgoing.removeAll() }
  }

  private func read() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // SAFETY: the call writes at most as many bytes as the array has.
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe Foundation.read(output, $0.baseAddress, $0.count) }
    if count > 0 { incoming += chunk[..<count] }
    return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
  }

  // MARK: The end

  /// Sends a signal.
  func send(signal: Int32) { kill(id, signal) }

  /// Whether the process has ended; takes what it wrote meanwhile.
  func hasEnded() -> Bool {
    pump(for: .zero)
    if end == nil { end = status(options: WNOHANG) }
    return end != nil
  }

  /// Waits for the end, reading what still comes.
  ///
  /// - Returns: How it ended; nil where it does not in time, after which it is killed.
  func waitForEnd(within time: Duration) -> End? {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline, pump(for: .milliseconds(50)) {}
    while end == nil, ContinuousClock.now < deadline {
      end = status(options: WNOHANG)
      if end == nil { usleep(500) }
    }
    if end == nil {
      kill(id, SIGKILL)
      _ = status(options: 0)
      end = .signal(SIGKILL)
      return nil
    }
    return end
  }

  private func status(options: Int32) -> End? {
    var status: Int32 = 0
    // SAFETY: the call writes one number.
    guard unsafe waitpid(id, &status, options) == id else { return nil }
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  // MARK: The system

  /// Both ends of a pipe, which no other child inherits.
  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      // SAFETY: the call writes two numbers.
      guard unsafe pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
      for end in ends { setFlags(of: end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }
  }

  /// A file to write to and read from that is gone with its descriptor.
  private static func namelessFile() throws -> Int32 {
    var name = Array("\(NSTemporaryDirectory())/kagami-torture-XXXXXX".utf8CString)
    // SAFETY: the call changes the terminated name in place.
    let descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    setFlags(of: descriptor, F_SETFD, FD_CLOEXEC)
    // SAFETY: the name is terminated.
    _ = unsafe unlink(name)
    return descriptor
  }

  private func contents(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    // SAFETY: the call writes at most as many bytes as the array has.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  private static func spawn(_ words: [String], environment: [String], streams: [Int32]) throws -> pid_t {
    // SAFETY: everything that is initialised here is destroyed here; the strings live until the call has copied them.
    var files = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&files)
    defer { unsafe posix_spawn_file_actions_destroy(&files) }
    for (number, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&files, stream, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // The child shall meet signals as the child of a shell does.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, words[0], &files, &attributes, &arguments, &variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    return child
  }
}

private func setFlags(of descriptor: Int32, _ command: Int32, _ flags: Int32) {
  _ = fcntl(descriptor, command, flags)
}
