/// Bytes of answers under way: grows as needed and keeps its memory.
///
/// - Concurrency: Belongs to one thread at a time.
@safe
public struct ByteBuffer: ~Copyable, @unchecked Sendable {
  private var memory: UnsafeMutableRawBufferPointer
  /// How many bytes were written.
  public private(set) var count = 0

  /// An empty buffer.
  ///
  /// - Parameter capacity: Bytes to make room for at once.
  public init(capacity: Int = 4096) {
    // SAFETY: freed in deinit and when the buffer grows, nowhere else.
    unsafe memory = .allocate(byteCount: max(capacity, 64), alignment: 16)
  }

  deinit {
    // SAFETY: allocated in init or `reserve`.
    unsafe memory.deallocate()
  }

  /// Bytes that fit without growing.
  public var capacity: Int {
    // SAFETY: reads a count.
    unsafe memory.count
  }

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() { count = 0 }

  /// Forgets what was written after the first `count` bytes.
  public mutating func truncate(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// Lends the bytes.
  ///
  /// - Parameter body: Gets them for as long as it runs.
  /// - Returns: What `body` returns.
  public borrowing func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    // SAFETY: the first `count` bytes are initialised, and the memory lives while `self` is borrowed.
    try unsafe body(Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<count])))
  }

  /// The byte written last.
  @inline(__always)
  var lastByte: UInt8? {
    // SAFETY: the first `count` bytes are initialised.
    count == 0 ? nil : unsafe memory[count - 1]
  }

  /// The bytes, copied.
  public var bytes: [UInt8] {
    // SAFETY: the first `count` bytes are initialised.
    unsafe [UInt8](memory[..<count])
  }

  /// Adds one byte.
  @inline(__always)
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    // SAFETY: room for it was just made.
    unsafe memory[count] = byte
    count += 1
  }

  /// Adds bytes.
  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    // SAFETY: copied while they are lent.
    unsafe bytes.withUnsafeBytes { unsafe append($0) }
  }

  /// Adds bytes that are borrowed for the call.
  @inline(__always)
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    // SAFETY: room for them was just made; the source is not part of this buffer.
    unsafe (memory.baseAddress.unsafelyUnwrapped + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Adds text.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    // SAFETY: a static string lives for ever.
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds text.
  public mutating func append(text: String) {
    append(text.utf8.span)
  }

  @inline(__always)
  private mutating func reserve(_ extra: Int) {
    // SAFETY: reads a count.
    if unsafe count + extra > memory.count { grow(by: extra) }
  }

  @inline(never)
  private mutating func grow(by extra: Int) {
    // SAFETY: the written bytes are copied before the old memory is freed.
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(memory.count * 2, count + extra), alignment: 16)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    unsafe memory.deallocate()
    unsafe memory = larger
  }
}
