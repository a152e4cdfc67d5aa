#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is being written, closed when it goes out of scope.
struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Makes a file, which must not exist yet.
  init(creating path: String) throws(IndexError) {
    self.path = path
    descriptor = try SystemCall.retrying("create", path) {
      // SAFETY: the system reads the bridged, terminated path during the call.
      unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    }
  }

  deinit { close(descriptor) }

  /// Writes numbers at a place, in bytes.
  borrowing func write<Number: BitwiseCopyable>(_ numbers: Span<Number>, at offset: Int) throws(IndexError) {
    try SystemCall.write(numbers, at: offset, descriptor, path)
  }

  /// Makes the file that long.
  borrowing func setLength(_ bytes: Int) throws(IndexError) {
    _ = try SystemCall.retrying("resize", path) { ftruncate(descriptor, off_t(bytes)) }
  }

  /// Makes what was written durable.
  borrowing func sync() throws(IndexError) {
    _ = try SystemCall.retrying("sync", path) { fsync(descriptor) }
  }
}

extension Span where Element: BitwiseCopyable {
  /// Lends the elements as bytes.
  func withByteSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // SAFETY: the bytes are those of the elements, which stay borrowed for the call.
    unsafe withUnsafeBytes { raw in
      guard let start = raw.baseAddress else { return body(Span<UInt8>()) }
      return unsafe body(Span<UInt8>(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: raw.count))
    }
  }
}
