/// One small value for every ordinal, appended in order.
///
/// A value with copy on write by chunk: appending to a column that a snapshot shares copies one chunk, not the column.
public struct ChunkedColumn<Element: BitwiseCopyable & Sendable>: Sendable {
  private var chunks: [[Element]] = []
  /// How many ordinals have a value.
  public private(set) var count = 0

  /// Elements a chunk: 16 KiB of 32-bit numbers.
  private static var shift: Int { 12 }

  /// An empty column.
  public init() {}

  /// The value of an ordinal below ``count``.
  @inline(__always)
  public subscript(ordinal: UInt32) -> Element {
    chunks[Int(ordinal) >> Self.shift][Int(ordinal) & (1 << Self.shift - 1)]
  }

  /// Adds the value of the next ordinal.
  public mutating func append(_ element: Element) {
    if count & (1 << Self.shift - 1) == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(1 << Self.shift)
    }
    chunks[chunks.count - 1].append(element)
    count += 1
  }
}
