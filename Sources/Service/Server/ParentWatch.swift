import Foundation

/// Notices the end of the process that started this one, whoever else holds the ends of its pipes.
enum ParentWatch {
  /// Watches from now on.
  ///
  /// The parent is waited for by a descriptor of its process, without waking up meanwhile. Where the system has none such, its number is looked at
  /// four times a second.
  ///
  /// - Parameter isGone: Is called once, on a thread of its own.
  /// - Throws: ``StreamError`` where too many files are open.
  static func start(_ isGone: @escaping @Sendable () -> Void) throws(StreamError) {
    let parent = getppid()
    let descriptor = open(parent)
    if descriptor < 0, errno == EMFILE || errno == ENFILE { throw .noDescriptors }
    let thread = Thread {
      // It may have ended before it could be watched.
      while getppid() == parent {
        if descriptor < 0 { Thread.sleep(forTimeInterval: 0.25) } else { wait(for: descriptor) }
      }
      isGone()
    }
    thread.name = "parent"
    thread.stackSize = 1 << 19
    thread.start()
  }

  private typealias Open = @convention(c) (pid_t, UInt32) -> Int32

  /// A descriptor of a process, which becomes readable at its end; negative where there is none.
  private static func open(_ process: pid_t) -> Int32 {
    // SAFETY: the function has had this form since it exists; it is looked up because older libraries lack it.
    guard let symbol = unsafe dlsym(nil, "pidfd_open") else { return -1 }
    return unsafe unsafeBitCast(symbol, to: Open.self)(process, 0)
  }

  private static func wait(for descriptor: Int32) {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: the call reads and writes the one struct that it is given.
    while unsafe Foundation.poll(&poll, 1, -1) < 0, errno == EINTR {}
    // The system has yet to say who the new parent is.
    usleep(1000)
  }
}
