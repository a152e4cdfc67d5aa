import VectorKernels

/// The first bytes of a row file: what it is, and whose.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 8 | `KAGAMIRW` |
/// | 8 | 4 | format, 1 |
/// | 12 | 4 | element type: 1 = f16, 2 = f32 |
/// | 16 | 4 | dimension |
/// | 20 | 4 | stride in bytes |
/// | 24 | 4 | rows a file |
/// | 28 | 4 | file number, from 0 |
/// | 32 | 16 | id of the catalogue |
/// | 48 | 4 | CRC-32C of bytes 0 to 47 |
///
/// All numbers are little-endian; the rest of the page is zero.
struct RowFileHeader: Equatable {
  static let magic = Array("KAGAMIRW".utf8)
  static let format: UInt32 = 1
  static let byteCount = 52

  var layout: RowLayout
  var file: Int
  var catalogue: CatalogueID

  /// The header page as it stands in the file.
  var page: [UInt8] {
    var bytes = Self.magic
    for number in [
      Self.format, UInt32(layout.elementType.rawValue), UInt32(layout.dimension), UInt32(layout.stride),
      UInt32(layout.rowsPerFile), UInt32(file),
    ] {
      bytes.appendLittleEndian(number)
    }
    bytes += catalogue.bytes
    bytes.appendLittleEndian(Checksum.of(bytes.span))
    return bytes + [UInt8](repeating: 0, count: RowLayout.headerBytes - bytes.count)
  }

  /// Checks that `bytes`, the first of a file, are exactly this header.
  ///
  /// - Parameters:
  ///   - bytes: At least ``byteCount`` bytes.
  ///   - name: The file's path, for messages.
  /// - Throws: `IndexError.damaged` or `.newer`.
  func check(_ bytes: [UInt8], name: String) throws(IndexError) {
    guard bytes.count >= Self.byteCount, Array(bytes[..<8]) == Self.magic else {
      throw .damaged(file: name, reason: "does not begin as a row file")
    }
    let found = bytes.littleEndian(at: 8)
    guard found <= Self.format else { throw .newer(file: name, found: found, supported: Self.format) }
    guard bytes.littleEndian(at: 48) == Checksum.of(bytes.span.extracting(first: 48)) else {
      throw .damaged(file: name, reason: "the checksum of its header does not match")
    }
    guard Array(bytes[32..<48]) == catalogue.bytes else {
      throw .damaged(file: name, reason: "belongs to another catalogue")
    }
    guard Array(bytes[..<48]) == Array(page[..<48]) else {
      let shape =
        "\(bytes.littleEndian(at: 16)) numbers of type \(bytes.littleEndian(at: 12)), file \(bytes.littleEndian(at: 28))"
      throw .damaged(
        file: name,
        reason:
          "holds rows of another shape (\(shape)) than the catalogue's (\(layout.dimension) of \(layout.elementType), file \(file))"
      )
    }
  }
}

/// The sixteen bytes that tell one catalogue's files from another's.
public struct CatalogueID: Hashable, Sendable {
  /// Sixteen bytes.
  public let bytes: [UInt8]

  /// An id of sixteen bytes.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == 16)
    self.bytes = bytes
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian(_ number: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
  }

  fileprivate func littleEndian(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
  }
}
