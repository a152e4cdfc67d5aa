/// Raw memory for numbers that kernels read, aligned to a cache line.
///
/// A uniquely owned, fixed-size block: no reference count, no copy on write, freed with its owner. For hot loops only; everything
/// else uses arrays. Large blocks ask the system for huge pages: a walk that jumps about in them otherwise waits for page tables more than
/// for memory. All access goes through pointers that the owner borrows for as long as it holds the buffer.
@safe
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  /// Where the elements lie, 64-byte aligned.
  ///
  /// Valid as long as the buffer lives; whoever takes it keeps the buffer alive.
  public let base: UnsafeMutablePointer<Element>

  /// How many elements there are.
  public let count: Int

  /// Memory for `count` elements, all bytes zero.
  ///
  /// - Parameter count: At least 0.
  /// - Complexity: O(*count*).
  public init(zeroed count: Int) {
    precondition(count >= 0)
    let bytes = max(count * MemoryLayout<Element>.stride, 1)
    let isLarge = bytes >= SystemCall.hugePageBytes
    // SAFETY: the block is bound once, to the one type that this buffer hands out, and every element is initialised by the
    // zeroing: all bit patterns of a BitwiseCopyable number are values.
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? SystemCall.hugePageBytes : 64)
    if isLarge { unsafe SystemCall.preferHugePages(raw, bytes: bytes) }
    unsafe raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    unsafe base = raw.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  deinit {
    // SAFETY: allocated in init, freed here and nowhere else; elements are trivial.
    unsafe UnsafeMutableRawPointer(base).deallocate()
  }
}
