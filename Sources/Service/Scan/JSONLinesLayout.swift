import VectorIndex
import WireProtocol

/// One JSON object a row: `{"file":"q.npy","row":7,"hits":[…]}`, hits as `search` answers them.
struct JSONLinesLayout: ScanLayout {
  private let hits: HitWriter
  /// How every line of the file begins.
  private let start: [UInt8]

  /// Writes hits as a writer of answers does.
  ///
  /// - Parameters:
  ///   - hits: The writer.
  ///   - file: Where the rows come from.
  init(_ hits: HitWriter, file: String) {
    self.hits = hits
    var start = ByteBuffer()
    start.beginObject()
    start.member("file", file)
    start.append(",\"row\":")
    self.start = start.bytes
  }

  func write(_ hits: [Neighbor], of row: ScannedRow, to block: ScanBlock) throws {
    begin(row, &block.encoder.buffer)
    block.encoder.buffer.append(",\"hits\":[")
    try self.hits.list(hits, to: &block.encoder)
    block.encoder.buffer.append("]}\n")
  }

  func write(refusal: String, of row: ScannedRow, to block: ScanBlock) {
    begin(row, &block.encoder.buffer)
    block.encoder.buffer.member("error", refusal)
    block.encoder.buffer.append("}\n")
  }

  private func begin(_ row: ScannedRow, _ out: inout ByteBuffer) {
    out.append(start.span)
    out.number(row.row)
    out.member("key", row.key)
  }
}
