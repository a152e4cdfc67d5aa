#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Clocks of processor time, the core that is measured on, and memory.
enum Processor {
  /// Seconds that all threads of the process have computed, in user code and in the system.
  static var processSeconds: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
  /// Seconds that this thread has computed.
  static var threadSeconds: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Keeps this thread, and those that it will start, on one core; nil lets it go anywhere.
  static func stay(on core: Int?) {
    #if os(Linux)
      // Glibc declares it only for GNU sources, which Swift's view of the headers is not.
      guard let symbol = dlsym(nil, "sched_setaffinity") else { return }
      typealias SetAffinity = @convention(c) (pid_t, Int, UnsafeRawPointer) -> Int32
      let setAffinity = unsafeBitCast(symbol, to: SetAffinity.self)
      var set = [UInt8](repeating: core == nil ? 0xFF : 0, count: 128)
      if let core, core / 8 < set.count { set[core / 8] = 1 << UInt8(core % 8) }
      // Where there is no such core, the process stays where it may be.
      _ = setAffinity(0, set.count, set)
    #endif
  }

  /// Bytes of memory that the process has resident, mapped files included.
  static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let words = line.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " ")))
    guard words.count > 1 else { return 0 }
    let pages = words[1].reduce(0) { $0 * 10 + Int($1) - 48 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
