/// One small value for every ordinal, appended in order.
///
/// Begins with what a snapshot file holds, read in place; what came since follows in chunks. A value with copy on write by chunk: appending to a
/// column that a snapshot shares copies one chunk, not the column.
@safe
public struct ChunkedColumn<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private var stored: MappedArray<Element>?
  /// Where the stored elements lie, valid as long as `stored`: reading through that would count references, for which threads wait for each other.
  private var storedBase: UnsafePointer<Element>?
  private var storedCount = 0
  private var chunks: [[Element]] = []
  /// How many ordinals have a value.
  public private(set) var count = 0

  /// Elements a chunk: 16 KiB of 32-bit numbers.
  private static var shift: Int { 12 }
  private static var mask: Int { 1 << shift - 1 }

  /// An empty column.
  public init() {}

  /// A column that begins with values of a file.
  public init(_ stored: MappedArray<Element>) {
    self.stored = stored
    // SAFETY: the address is used while `self`, which holds the file, is.
    unsafe storedBase = stored.base
    storedCount = stored.count
    count = stored.count
  }

  /// The value of an ordinal below ``count``.
  @inline(__always)
  public subscript(ordinal: UInt32) -> Element {
    let index = Int(ordinal)
    // SAFETY: there are so many elements, and `self` holds what they lie in.
    if index < storedCount, let storedBase = unsafe storedBase { return unsafe storedBase[index] }
    let place = index - storedCount
    return chunks[place >> Self.shift][place & Self.mask]
  }

  /// Has the processor fetch the values of results that lie in a file.
  func prefetch(_ results: [[Neighbor]]) {
    guard let stored else { return }
    for neighbors in results {
      for neighbor in neighbors where Int(neighbor.ordinal) < stored.count { stored.prefetch(Int(neighbor.ordinal)) }
    }
  }

  /// Adds the value of the next ordinal.
  public mutating func append(_ element: Element) {
    if (count - storedCount) & Self.mask == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(1 << Self.shift)
    }
    chunks[chunks.count - 1].append(element)
    count += 1
  }

  /// Writes all values as one section of a snapshot file.
  ///
  /// - Throws: `IndexError`.
  public func write(to writer: SnapshotWriter, as name: String) throws(IndexError) {
    writer.begin(name, of: Element.self)
    if let stored { try writer.write(stored) }
    for chunk in chunks { try writer.write(chunk.span) }
  }
}
