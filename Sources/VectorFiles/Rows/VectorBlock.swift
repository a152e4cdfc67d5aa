/// A batch of rows as it comes out of a file: vectors row by row, and what else the file says about each.
///
/// One block is handed to a reader again and again; its memory is reused. It is not a place to keep vectors.
///
/// ```swift
/// let reader = try VectorFile.open("items.npy")
/// var block = VectorBlock()
/// while try reader.read(upTo: 1_000, into: &block) > 0 {
///   for row in 0..<block.rowCount { use(block.vectors.span.extracting(block.range(of: row))) }
/// }
/// ```
public struct VectorBlock: Sendable {
  /// The number of rows in the block.
  public internal(set) var rowCount = 0
  /// The numbers in each row.
  public internal(set) var dimension = 0
  /// The number of the block's first row within the file, from 0.
  public internal(set) var firstRow = 0
  /// What the file says about each row: empty where the format has only vectors, otherwise one entry for each row.
  ///
  /// A refused row keeps its place: its vector is all zeros and means nothing. So row *i* of the block is always row
  /// `firstRow + i` of the file, and of any file beside it.
  public internal(set) var items: [Result<ItemMetadata, RefusedRow>] = []
  /// The vectors, row after row, `rowCount × dimension` numbers.
  public internal(set) var vectors: [Float] = []

  /// Creates an empty block.
  public init() {}

  /// Where the numbers of one row stand in `vectors`.
  ///
  /// - Parameter row: The row within the block, from 0.
  /// - Returns: `dimension` positions.
  public func range(of row: Int) -> Range<Int> {
    precondition(row >= 0 && row < rowCount, "the block has \(rowCount) rows")
    return row * dimension..<(row + 1) * dimension
  }

  /// Empties the block and makes room for rows; the numbers that are still in it mean nothing.
  mutating func reset(firstRow: Int, dimension: Int, capacity: Int) {
    self.firstRow = firstRow
    self.dimension = dimension
    rowCount = 0
    items.removeAll(keepingCapacity: true)
    vectors.setCount(capacity * dimension, filler: 0)
  }

  /// Adds the numbers of a row.
  mutating func append(_ numbers: Span<Float>) {
    for index in numbers.indices { vectors.append(numbers[index]) }
  }
}

extension Array {
  /// Cuts the end off or appends fillers; memory is kept.
  mutating func setCount(_ wanted: Int, filler: Element) {
    if wanted < count {
      removeLast(count - wanted)
    } else {
      append(contentsOf: repeatElement(filler, count: wanted - count))
    }
  }
}
