/// Where the rows of a binary file lie: all that is left of a header once it has been checked.
///
/// Row *i* starts at `dataOffset + i · rowByteCount`. In the TEXMEX formats (`.fvecs` and its kin) each row repeats its
/// length in four bytes of its own before the numbers.
struct RowLayout: Equatable {
  /// More numbers than this in one row are refused before memory is set aside for them; no catalogue takes as many.
  static let maximumDimension = 65_536

  /// How each number is stored.
  let scalar: ScalarType
  /// The number of rows.
  let rowCount: Int
  /// The numbers in each row.
  let dimension: Int
  /// The first byte of the first row.
  let dataOffset: Int
  /// Whether each row starts with its own length.
  let rowsRepeatDimension: Bool

  /// The bytes of one row, with its own length where it has one.
  var rowByteCount: Int { dimension * scalar.byteCount + rowPrefixByteCount }

  /// The bytes before the numbers of each row.
  var rowPrefixByteCount: Int { rowsRepeatDimension ? 4 : 0 }

  /// The first byte of a row.
  func offset(ofRow row: Int) -> Int { dataOffset + row * rowByteCount }
}

extension RowLayout {
  /// Lays rows out behind a header, and holds the file's length against what the header promises.
  ///
  /// - Throws: `FileError` at `shapeOffset` for a shape that cannot be, at the file's end for bytes that are missing, at
  ///   the end of the rows for bytes too many.
  init(
    of file: borrowing InputFile, scalar: ScalarType, rowCount: Int, dimension: Int, dataOffset: Int, shapeOffset: Int
  ) throws(FileError) {
    guard dimension >= 1 else { throw file.malformed(at: shapeOffset, "the rows have no numbers (dimension 0)") }
    guard dimension <= Self.maximumDimension else {
      throw file.malformed(
        at: shapeOffset, "the dimension is \(dimension); at most \(Self.maximumDimension) are read")
    }
    let (bytes, overflow) = rowCount.multipliedReportingOverflow(by: dimension * scalar.byteCount)
    let present = file.byteCount - dataOffset
    guard !overflow, bytes <= present else {
      let promised = overflow ? "more bytes than can be counted" : "\(bytes) bytes"
      throw file.malformed(
        at: shapeOffset,
        "the header promises \(rowCount) rows of \(dimension) numbers, \(promised), but \(present) bytes follow it; "
          + "the file is cut off or its header is wrong")
    }
    guard bytes == present else {
      throw file.malformed(
        at: dataOffset + bytes,
        "\(present - bytes) bytes follow the last row that the header promises (\(rowCount) rows of \(dimension) numbers)"
      )
    }
    self.init(
      scalar: scalar, rowCount: rowCount, dimension: dimension, dataOffset: dataOffset, rowsRepeatDimension: false)
  }
}
