/// The formats `.fbin` and `.ibin`: rows and dimension as uint32, then the numbers without a gap.
///
/// Big ANN Benchmarks, https://big-ann-benchmarks.com.
enum PackedHeader {
  /// Reads the eight bytes of the header and holds the file's length against them.
  ///
  /// - Throws: `FileError` for a header that is cut off or does not agree with the file's length.
  static func layout(of file: borrowing InputFile, scalar: ScalarType) throws(FileError) -> RowLayout {
    let header = try file.prefix(8)
    guard header.count == 8 else {
      throw file.malformed(at: header.count, "the file ends inside its header (8 bytes: rows and dimension)")
    }
    return try RowLayout(
      of: file, scalar: scalar, rowCount: Int(header.span.littleEndianUInt32(at: 0)),
      dimension: Int(header.span.littleEndianUInt32(at: 4)), dataOffset: 8, shapeOffset: 0)
  }
}
