import VectorKernels

/// Numbers that lie in a mapped file, read in place.
///
/// Holds the mapping, so that no address outlives it. Numbers in files are little-endian, as all supported machines are.
@safe
public struct MappedArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// The first element.
  ///
  /// Valid as long as this value, or a copy of it, lives.
  public let base: UnsafePointer<Element>
  /// How many elements there are.
  public let count: Int
  /// What the elements lie in.
  let map: MappedFile

  #if _endian(big)
    #error("files are read in place, which takes a little-endian machine")
  #endif

  /// The elements from a place of a file on.
  ///
  /// - Parameters:
  ///   - map: The file.
  ///   - offset: Where the first element lies, in bytes; a multiple of the element's alignment.
  ///   - count: How many there are, all within the mapping.
  init(_ map: MappedFile, offset: Int, count: Int) {
    precondition(offset >= 0 && count >= 0 && offset % MemoryLayout<Element>.alignment == 0)
    precondition(count <= (map.capacity - offset) / MemoryLayout<Element>.stride)
    self.map = map
    self.count = count
    // SAFETY: the elements lie in the mapping, which this value holds; every bit pattern of a BitwiseCopyable number is a value.
    unsafe base = (map.base + offset).assumingMemoryBound(to: Element.self)
  }

  /// One element.
  @inline(__always)
  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    // SAFETY: the index was checked on the line above.
    return unsafe base[index]
  }

  /// Has the processor fetch the line of memory that an element lies in, without waiting for it.
  @inline(__always)
  func prefetch(_ index: Int) {
    precondition(index >= 0 && index < count)
    // SAFETY: the address lies within the mapping; fetching changes nothing.
    unsafe DistanceKernels.active.prefetch(base + index, 1)
  }

  /// Lends the elements.
  ///
  /// - Parameter body: Gets them, for as long as it runs.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  @inline(__always)
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the mapping outlives the call because `self` is borrowed.
    try unsafe body(Span(_unsafeStart: base, count: count))
  }
}

extension MappedArray<UInt32> {
  /// Whether all elements are below a limit.
  ///
  /// - Parameters:
  ///   - limit: At most 2³¹.
  ///   - exception: A value that is right all the same.
  /// - Returns: Whether they are; true where there are none.
  /// - Complexity: O(*n*), at the speed of memory.
  public func isBelow(_ limit: Int, butFor exception: UInt32? = nil) -> Bool {
    withSpan { elements in
      var isBelow = true
      for index in elements.indices {
        let element = elements[index]
        isBelow = isBelow && (Int(element) < limit || element == exception)
      }
      return isBelow
    }
  }
}
