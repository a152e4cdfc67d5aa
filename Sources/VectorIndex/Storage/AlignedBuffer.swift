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
    // SAFETY: every element is initialised by the zeroing: all bit patterns of a BitwiseCopyable number are values.
    unsafe base = Self.allocate(count)
    unsafe UnsafeMutableRawPointer(base).initializeMemory(
      as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
    self.count = count
  }

  /// Memory for `count` elements that begins as a copy of others.
  ///
  /// - Parameters:
  ///   - source: The first elements.
  ///   - sourceCount: How many they are; at most `count`.
  ///   - padding: What the others are.
  ///   - count: How many elements there are.
  /// - Complexity: O(*count*), each element written once.
  init(copying source: UnsafePointer<Element>, _ sourceCount: Int, paddedWith padding: Element, to count: Int) {
    precondition(0...count ~= sourceCount)
    // SAFETY: every element is initialised, the first ones from the caller's.
    unsafe base = Self.allocate(count)
    unsafe base.initialize(from: source, count: sourceCount)
    unsafe (base + sourceCount).initialize(repeating: padding, count: count - sourceCount)
    self.count = count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    precondition(count >= 0)
    let bytes = max(count * MemoryLayout<Element>.stride, 1)
    let isLarge = bytes >= SystemCall.hugePageBytes
    // SAFETY: the block is bound once, to the one type that this buffer hands out.
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? SystemCall.hugePageBytes : 64)
    if isLarge { unsafe SystemCall.preferHugePages(raw, bytes: bytes) }
    return unsafe raw.bindMemory(to: Element.self, capacity: count)
  }

  deinit {
    // SAFETY: allocated in init, freed here and nowhere else; elements are trivial.
    unsafe UnsafeMutableRawPointer(base).deallocate()
  }
}
