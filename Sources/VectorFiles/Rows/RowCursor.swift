/// Walks over the raw rows of a binary file, a chunk at a time, through one buffer.
struct RowCursor: ~Copyable {
  /// Chunks are about this large: few system calls, and the bytes are still in the cache when they are decoded.
  private static let chunkByteCount = 1 << 18

  /// The file.
  let file: InputFile
  /// Where its rows lie.
  let layout: RowLayout
  /// The first row that has not been read.
  private(set) var nextRow = 0
  /// The raw bytes of the rows that were read last, from the start of the buffer on.
  private(set) var bytes: [UInt8] = []

  /// Starts before the first row.
  init(_ file: consuming InputFile, _ layout: RowLayout) {
    self.file = file
    self.layout = layout
  }

  /// Reads the next rows into `bytes`.
  ///
  /// - Parameter limit: The most rows wanted; a chunk may hold fewer.
  /// - Returns: The number of rows read; 0 only after the last one, or if none are wanted.
  /// - Throws: `FileError` if the file ends early, or a row's own length differs from the first row's.
  /// - Allocates: Nothing once `bytes` has grown to a chunk.
  mutating func read(upTo limit: Int) throws(FileError) -> Int {
    let rowByteCount = layout.rowByteCount
    let count = min(limit, layout.rowCount - nextRow, max(1, Self.chunkByteCount / rowByteCount))
    guard count > 0 else { return 0 }
    let needed = count * rowByteCount
    if bytes.count < needed { bytes = [UInt8](repeating: 0, count: needed) }
    try file.fill(&bytes, count: needed, at: layout.offset(ofRow: nextRow))
    if layout.rowsRepeatDimension { try checkRowLengths(count) }
    nextRow += count
    return count
  }

  /// Passes over the next rows without reading them.
  mutating func skip(rows: Int) throws(FileError) {
    guard rows >= 0, rows <= layout.rowCount - nextRow else {
      throw file.malformed(
        at: layout.offset(ofRow: layout.rowCount),
        "the file ends after \(layout.rowCount) rows; \(nextRow + rows) are needed")
    }
    nextRow += rows
  }

  /// Where the numbers of a row stand in `bytes`, and where they go.
  ///
  /// - Parameters:
  ///   - row: The row within those read last, from 0.
  ///   - target: Where its first number goes.
  /// - Returns: The row as `RowDecoding` takes it.
  func place(of row: Int, target: Int) -> RowDecoding.Row {
    let source = row * layout.rowByteCount + layout.rowPrefixByteCount
    return RowDecoding.Row(source: source, target: target, count: layout.dimension)
  }

  private func checkRowLengths(_ count: Int) throws(FileError) {
    for row in 0..<count {
      let length = bytes.span.littleEndianUInt32(at: row * layout.rowByteCount)
      guard length == layout.dimension else {
        throw file.malformed(
          at: layout.offset(ofRow: nextRow + row),
          "row \(nextRow + row) says that it has \(Int32(bitPattern: length)) numbers, "
            + "but the first row has \(layout.dimension)")
      }
    }
  }
}

extension Span<UInt8> {
  /// The four bytes at an offset as a number.
  func littleEndianUInt32(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << (8 * $1) }
  }
}
