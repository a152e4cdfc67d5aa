import VectorIndex
import WireProtocol

/// Scores as a matrix of 32-bit floats, a row for each row of the inputs, NaN where there is no hit; the keys as one JSON array a row in a
/// file beside it, null for a row that could not be searched for.
struct ScoreMatrixLayout: ScanLayout {
  private let context: QueryContext
  private let columns: Int

  /// Writes matrices of `columns` columns.
  init(_ context: QueryContext, columns: Int) {
    (self.context, self.columns) = (context, columns)
  }

  func write(_ hits: [Neighbor], of row: ScannedRow, to block: ScanBlock) {
    block.side.beginArray()
    for hit in hits {
      block.encoder.buffer.append(littleEndian: hit.score)
      context.snapshot.keys.withBytes(of: hit.ordinal) { block.side.string($0) }
    }
    block.side.endArray()
    block.side.append(UInt8(ascii: "\n"))
    fill(columns - hits.count, block)
  }

  func write(refusal: String, of row: ScannedRow, to block: ScanBlock) {
    block.side.append("null\n")
    fill(columns, block)
  }

  private func fill(_ count: Int, _ block: ScanBlock) {
    for _ in 0..<count { block.encoder.buffer.append(littleEndian: .nan) }
  }
}

extension ByteBuffer {
  fileprivate mutating func append(littleEndian number: Float) {
    for byte in 0..<4 { append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * byte))) }
  }
}
