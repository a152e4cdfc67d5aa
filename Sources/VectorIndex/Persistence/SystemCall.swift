#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few rules about system calls that every file of this module follows.
enum SystemCall {
  /// Calls again when a signal interrupted the call; turns `errno` into an error that names the file.
  ///
  /// - Parameters:
  ///   - operation: What was tried, for the message ("open", "write").
  ///   - file: Whose descriptor or path it is.
  ///   - call: The call; a negative result means that `errno` says why.
  /// - Returns: What the call returned, not negative.
  /// - Throws: `IndexError.missing`, `.full` or `.io`.
  static func retrying<Result: SignedInteger>(
    _ operation: String, _ file: String, _ call: () -> Result
  ) throws(IndexError) -> Result {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      if code == EINTR { continue }
      throw error(code, operation, file)
    }
  }

  /// The size of a huge page on the machines that matter here.
  static let hugePageBytes = 2 << 20

  /// Asks for huge pages under a stretch of memory, where the system has them; a wish that may go unheard.
  static func preferHugePages(_ start: UnsafeMutableRawPointer, bytes: Int) {
    #if os(Linux)
      // SAFETY: the stretch was allocated by the caller; advice changes nothing that can be read.
      _ = unsafe madvise(start, bytes, MADV_HUGEPAGE)
    #endif
  }

  /// Writes numbers at a place of a file, in bytes.
  ///
  /// - Throws: `IndexError`; some of the bytes may then be written.
  static func write<Number: BitwiseCopyable>(
    _ numbers: Span<Number>, at offset: Int, _ descriptor: Int32, _ file: String
  ) throws(IndexError) {
    let byteCount = numbers.count * MemoryLayout<Number>.stride
    var done = 0
    while done < byteCount {
      // SAFETY: the call reads what lies between `done` and the end of the span.
      done += try retrying("write", file) {
        unsafe numbers.withUnsafeBytes { bytes in
          unsafe pwrite(descriptor, bytes.baseAddress.map { unsafe $0 + done }, byteCount - done, off_t(offset + done))
        }
      }
    }
  }

  /// The error that an `errno` stands for.
  static func error(_ code: Int32, _ operation: String, _ file: String) -> IndexError {
    switch code {
    case ENOENT: .missing(file: file)
    case ENOSPC, EDQUOT, EFBIG: .full(file: file)
    default: .io(file: file, operation: operation, code: code)
    }
  }

  /// The system's sentence for an `errno`.
  static func message(for code: Int32) -> String {
    // Only where a file is written, which follows no link.
    if code == ELOOP { return "it is a symbolic link, and files are not written through links; remove it" }
    // SAFETY: strerror answers a terminated string that stays valid until the next call on this thread; it is copied at once.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
