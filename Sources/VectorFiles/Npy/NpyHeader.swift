/// The header of a NumPy array file: what kind of numbers, in which order, in which shape.
///
/// Magic, version, the length of a Python dictionary in ASCII (version 3: UTF-8), the dictionary, padding.
/// NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
struct NpyHeader: Equatable {
  /// The type of the numbers.
  let scalar: ScalarType
  /// Where their type stands in the file.
  let scalarOffset: Int
  /// The lengths of the dimensions, outermost first.
  let shape: [Int]
  /// Where the shape stands in the file.
  let shapeOffset: Int
  /// The first byte after the header.
  let dataOffset: Int
}

extension NpyHeader {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// NumPy's own headers take some 118 bytes; it refuses beyond 10,000 by default.
  private static let maximumByteCount = 65_536

  /// Reads and checks a header.
  ///
  /// - Throws: `FileError` with byte and reason, for anything that is not exactly what NumPy writes, and for arrays that
  ///   are not read here: Fortran order, big-endian or structured numbers.
  init(of file: borrowing InputFile) throws(FileError) {
    let start = try file.prefix(12)
    if let wrong = Self.magic.indices.first(where: { $0 >= start.count || start[$0] != Self.magic[$0] }) {
      throw file.malformed(at: wrong, "this is not a NumPy file: it does not start with \\x93NUMPY")
    }
    guard start.count >= 10 else { throw file.malformed(at: start.count, "the file ends inside its header") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw file.unsupported(
        at: 6, "version \(start[6]).\(start[7]) of the NumPy format is unknown; 1.0, 2.0 and 3.0 are read")
    }
    let lengthBytes = start[6] == 1 ? 2 : 4
    guard start.count >= 8 + lengthBytes else {
      throw file.malformed(at: start.count, "the file ends inside its header")
    }
    let length = start[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let dataOffset = 8 + lengthBytes + length
    guard dataOffset <= file.byteCount else {
      throw file.malformed(
        at: 8, "the header should take \(length) bytes, but the file has only \(file.byteCount - 8 - lengthBytes) more")
    }
    guard length <= Self.maximumByteCount else {
      throw file.malformed(at: 8, "the header should take \(length) bytes; at most \(Self.maximumByteCount) are read")
    }
    let bytes = try file.prefix(dataOffset)
    var parser = NpyHeaderParser(bytes: bytes, from: 8 + lengthBytes)
    do {
      self = try parser.parse()
    } catch {
      throw FileError(
        error.isUnsupported ? .unsupported : .malformed, file: file.path, offset: error.offset, reason: error.reason)
    }
  }

  /// Lays out the rows of a file of vectors: rank 2, `<f2` or `<f4`.
  static func vectors(in file: borrowing InputFile) throws(FileError) -> RowLayout {
    let header = try NpyHeader(of: file)
    guard !header.scalar.isInteger else {
      throw file.unsupported(
        at: header.scalarOffset,
        "the numbers are \(header.scalar.descriptor); vectors are read as <f2 or <f4: save array.astype('<f4')")
    }
    try header.requireRank(2, of: file, "one vector a row")
    return try RowLayout(
      of: file, scalar: header.scalar, rowCount: header.shape[0], dimension: header.shape[1],
      dataOffset: header.dataOffset, shapeOffset: header.shapeOffset)
  }

  /// Lays out the rows of a file of whole numbers: rank 1, one a row, or rank 2.
  static func integers(in file: borrowing InputFile, rank: Int) throws(FileError) -> RowLayout {
    let header = try NpyHeader(of: file)
    guard header.scalar.isInteger else {
      throw file.unsupported(
        at: header.scalarOffset,
        "the numbers are \(header.scalar.descriptor); whole numbers are needed here: save array.astype('<i8')")
    }
    try header.requireRank(rank, of: file, rank == 1 ? "one number a row" : "rows and columns")
    return try RowLayout(
      of: file, scalar: header.scalar, rowCount: header.shape[0], dimension: rank == 1 ? 1 : header.shape[1],
      dataOffset: header.dataOffset, shapeOffset: header.shapeOffset)
  }

  private func requireRank(_ rank: Int, of file: borrowing InputFile, _ meaning: String) throws(FileError) {
    guard shape.count == rank else {
      throw file.unsupported(
        at: shapeOffset, "the array has rank \(shape.count); rank \(rank) is needed: \(meaning)")
    }
  }
}
