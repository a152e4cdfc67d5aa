import WireProtocol

/// Reads a file of items line by line; a bad line is refused in its place and reading goes on.
struct ItemLineReader: ~Copyable {
  private var lines: LineReader
  private var parser: ItemLineParser
  private var scanner = JSONScanner()

  /// Opens a file.
  init(_ path: String, _ rules: ItemLineParser.Rules) throws(FileError) {
    lines = LineReader(try InputFile(path))
    parser = ItemLineParser(rules)
  }

  /// The vector of the item that was read last.
  var vector: VectorBuffer { parser.vector }

  /// Goes back to before the first line.
  mutating func rewind() { lines.rewind() }

  /// Passes over the next line; false where there is none.
  mutating func skip() throws(FileError) -> Bool { try lines.next() != nil }

  /// Reads the next line.
  ///
  /// - Parameter dimension: The numbers that the line's vector must have, where that is known.
  /// - Returns: The item or why it was refused; nil after the last line.
  /// - Throws: `FileError` if the file cannot be read.
  mutating func next(dimension: Int? = nil) throws(FileError) -> Result<ItemMetadata, RefusedRow>? {
    guard let line = try lines.next() else { return nil }
    guard !line.isTooLong else {
      let reason = "the line is longer than \(LineReader.maximumLineByteCount) bytes"
      return .failure(RefusedRow(row: line.number, offset: line.offset, reason: reason))
    }
    if line.range.isEmpty, try lines.isAtEnd() { return nil }
    do throws(WireError) {
      let item = try parser.parse(lines.buffer[line.range], &scanner)
      if let dimension { try parser.checkVector(dimension: dimension) }
      return .success(item)
    } catch {
      let offset = line.offset + (error.offset ?? 0)
      return .failure(RefusedRow(row: line.number, offset: offset, reason: error.message))
    }
  }
}

extension WireError {
  /// A line that is JSON but does not say what it must.
  static func refused(_ reason: String, at offset: Int) -> WireError {
    WireError(.invalidParams, reason, offset: offset)
  }
}
