import VectorKernels

/// Where rows lie in row files: the same arithmetic for whoever writes and whoever reads.
///
/// A row file is a header page, then the norms of all its rows, then the rows:
///
/// ```
/// 0             4,096                     rowsOffset (page aligned)
/// | header page | norm of row 0, 1, 2, … | row 0 … padded to 64 bytes | row 1 … |
/// ```
///
/// A file holds a fixed number of rows (a power of two, about 64 MiB), so that file and slot follow from the ordinal by a shift and a
/// mask, and a file can be mapped once, whole, before it is full. The norm is kept for every metric rather than its inverse for one:
/// it says how far a product of matrices may be off, and it exists for the zero vector too.
public struct RowLayout: Hashable, Sendable {
  /// Numbers a row.
  public let dimension: Int
  /// How a number is stored.
  public let elementType: ElementType
  /// Bytes from one row to the next: the row's own, rounded up to a cache line.
  public let stride: Int
  /// The number of rows a file, as a power of two.
  public let rowsPerFileShift: Int

  /// Bytes before the norms.
  public static let headerBytes = 4096

  /// The layout of rows of that shape.
  ///
  /// - Parameters:
  ///   - dimension: Numbers a row, at least 1.
  ///   - elementType: How a number is stored.
  public init(dimension: Int, elementType: ElementType) {
    precondition(dimension >= 1)
    self.dimension = dimension
    self.elementType = elementType
    stride = (dimension * elementType.bytes + 63) & ~63
    var shift = 10
    while shift < 16, stride << (shift + 1) <= 64 << 20 { shift += 1 }
    rowsPerFileShift = shift
  }

  /// Rows that one file holds.
  public var rowsPerFile: Int { 1 << rowsPerFileShift }
  /// Bytes of a row that hold numbers; the rest of the stride is zero.
  public var rowBytes: Int { dimension * elementType.bytes }
  /// Where row 0 begins.
  public var rowsOffset: Int { (Self.headerBytes + rowsPerFile * 4 + 4095) & ~4095 }
  /// The length of a full file.
  public var fileBytes: Int { rowsOffset + rowsPerFile * stride }

  /// The length a file must have at least to hold its first `rows` rows.
  public func fileBytes(holding rows: Int) -> Int {
    rows == 0 ? Self.headerBytes : rowsOffset + rows * stride
  }

  /// The number of files that `rows` rows fill.
  public func files(holding rows: Int) -> Int {
    (rows + rowsPerFile - 1) >> rowsPerFileShift
  }

  /// The name of the file with that number, from 0: `000001.rows` is the first.
  public static func fileName(_ file: Int) -> String {
    let digits = String(file + 1)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".rows"
  }
}
