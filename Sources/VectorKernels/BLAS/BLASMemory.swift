import Glibc

/// The buffers that OpenBLAS keeps, for processes whose address space is limited.
///
/// A product takes a buffer of its own (128 MiB of address space on x86-64), which is kept for later ones: there are as many as there were ever
/// products at once. Where the system refuses one, OpenBLAS asks again for ever. So a process under a limit takes its buffers at the start, and
/// products beyond them wait for their turn. Without ``reserve(products:sparing:)`` there is nothing to wait for, and nothing is.
public enum BLASMemory {
  /// Room for one buffer on every processor that is known, and for its alignment.
  public static let bufferBytes = 130 << 20

  /// Takes buffers for products, before any product runs; a second time nothing more is taken.
  ///
  /// - Parameters:
  ///   - products: How many shall run at once, at least 1.
  ///   - bytes: Address space that must be left afterwards.
  /// - Returns: How many can run at once: 0 where there is no room for one, and nothing was taken then.
  public static func reserve(products: Int, sparing bytes: Int) -> Int {
    precondition(products >= 1 && bytes >= 0)
    guard unsafe reserved == 0 else { return unsafe reserved }
    var buffers: [UnsafeMutableRawPointer] = unsafe []
    var count = 0
    while count < products, hasRoom(bytes + bufferBytes) {
      count += 1
      // SAFETY: the pointers go back below as they came, each once. The reference library gives none.
      if let take = unsafe take, let buffer = unsafe take(0) { unsafe buffers.append(buffer) }
    }
    while let buffer = unsafe buffers.popLast() {
      if let give = unsafe give { unsafe give(buffer) }
    }
    guard count > 0 else { return 0 }
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, UInt32(count))
    unsafe (turns, reserved) = (semaphore, count)
    return count
  }

  /// Runs something that needs a buffer, after waiting for one where they are counted.
  @inline(__always)
  static func turn<Result>(_ body: () -> Result) -> Result {
    // SAFETY: set once before any product, and never freed.
    guard let semaphore = unsafe turns else { return body() }
    while unsafe sem_wait(semaphore) != 0 {}
    defer { unsafe sem_post(semaphore) }
    return body()
  }

  // SAFETY: both are written before any product runs, by the thread that starts those that read them.
  nonisolated(unsafe) private static var turns: UnsafeMutablePointer<sem_t>?
  nonisolated(unsafe) private static var reserved = 0

  private static func hasRoom(_ bytes: Int) -> Bool {
    // SAFETY: a fresh mapping that nobody may touch, given back at once.
    guard let probe = unsafe mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe probe != MAP_FAILED
    else { return false }
    unsafe munmap(probe, bytes)
    return true
  }

  // SAFETY: OpenBLAS exports both with these types; the argument of the first means nothing there.
  private static let take = unsafe BLASLibrary.symbol("blas_memory_alloc").map {
    unsafe unsafeBitCast($0, to: (@convention(c) (CInt) -> UnsafeMutableRawPointer?).self)
  }

  // SAFETY: as above.
  private static let give = unsafe BLASLibrary.symbol("blas_memory_free").map {
    unsafe unsafeBitCast($0, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
  }
}
