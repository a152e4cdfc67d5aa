/// The TEXMEX formats `.fvecs`, `.bvecs` and `.ivecs`: no header, each row an int32 length and that many numbers.
///
/// Corpus-texmex, INRIA, http://corpus-texmex.irisa.fr.
enum LengthPrefixedRows {
  /// Reads the first row's length and holds the file's length against it.
  ///
  /// The other rows' lengths are checked as they are read.
  ///
  /// - Throws: `FileError` for an empty file, a length that cannot be, or a last row that is cut off.
  static func layout(of file: borrowing InputFile, scalar: ScalarType) throws(FileError) -> RowLayout {
    let prefix = try file.prefix(4)
    guard prefix.count == 4 else {
      throw file.malformed(at: prefix.count, "the file ends before the first row's length (4 bytes)")
    }
    let dimension = Int(Int32(bitPattern: prefix.span.littleEndianUInt32(at: 0)))
    guard (1...RowLayout.maximumDimension).contains(dimension) else {
      throw file.malformed(
        at: 0, "row 0 says that it has \(dimension) numbers; 1 to \(RowLayout.maximumDimension) are read")
    }
    let rowByteCount = 4 + dimension * scalar.byteCount
    let (rowCount, rest) = file.byteCount.quotientAndRemainder(dividingBy: rowByteCount)
    guard rest == 0 else {
      throw file.malformed(
        at: rowCount * rowByteCount,
        "row \(rowCount) is cut off: \(rest) bytes where a row of \(dimension) numbers takes \(rowByteCount)")
    }
    // The other rows are checked as they are read; this one tells another format at once.
    if let second = try lengthOfSecondRow(file, rowByteCount: rowByteCount), second != dimension {
      throw file.malformed(
        at: rowByteCount, "row 1 says that it has \(second) numbers, but the first row has \(dimension)")
    }
    return RowLayout(
      scalar: scalar, rowCount: rowCount, dimension: dimension, dataOffset: 0, rowsRepeatDimension: true)
  }

  /// What the second row says of its length; nil where there is none.
  static func lengthOfSecondRow(_ file: borrowing InputFile, rowByteCount: Int) throws(FileError) -> Int? {
    guard file.byteCount >= rowByteCount + 4 else { return nil }
    var length = [UInt8](repeating: 0, count: 4)
    try file.fill(&length, count: 4, at: rowByteCount)
    return Int(Int32(bitPattern: length.span.littleEndianUInt32(at: 0)))
  }
}
