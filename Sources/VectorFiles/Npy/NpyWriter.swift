/// Writes NumPy array files, format version 1.0, the way NumPy writes them.
///
/// Numbers are written little-endian in C order; the same numbers give the same bytes everywhere.
public enum NpyWriter {
  /// The precisions in which vectors are written.
  public enum Precision: Sendable {
    /// Half precision (`<f2`), rounded to nearest, ties to even.
    case float16
    /// Single precision (`<f4`), as it is.
    case float32
  }

  /// Writes vectors as an array of rank 2.
  ///
  /// - Parameters:
  ///   - path: The file to create or replace.
  ///   - vectors: The rows, one after the other.
  ///   - dimension: The numbers in each row, at least 1; divides the count of `vectors`.
  ///   - precision: How each number is stored.
  /// - Throws: `FileError` if the file cannot be written.
  public static func write(
    _ path: String, vectors: Span<Float>, dimension: Int, precision: Precision
  ) throws(FileError) {
    precondition(dimension >= 1 && vectors.count.isMultiple(of: dimension), "the vectors must be whole rows")
    let shape = "(\(vectors.count / dimension), \(dimension))"
    switch precision {
    case .float16:
      try write(path, .float16, shape: shape, count: vectors.count) { HalfPrecision.narrow(vectors[$0]) }
    case .float32:
      try write(path, .float32, shape: shape, count: vectors.count) { vectors[$0].bitPattern }
    }
  }

  /// Writes labels as an array of rank 1, `<i4`.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public static func write(_ path: String, labels: Span<Int32>) throws(FileError) {
    try write(path, .int32, shape: "(\(labels.count),)", count: labels.count) { labels[$0] }
  }

  /// Writes labels as an array of rank 1, `<i8`.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public static func write(_ path: String, labels: Span<Int64>) throws(FileError) {
    try write(path, .int64, shape: "(\(labels.count),)", count: labels.count) { labels[$0] }
  }

  private static func write<Bits: FixedWidthInteger>(
    _ path: String, _ scalar: ScalarType, shape: String, count: Int, _ bits: (Int) -> Bits
  ) throws(FileError) {
    var file = try OutputFile(path)
    try file.write(header(scalar, shape: shape))
    var chunk: [UInt8] = []
    for start in stride(from: 0, to: count, by: 4_096) {
      chunk.removeAll(keepingCapacity: true)
      for index in start..<min(count, start + 4_096) {
        let number = bits(index)
        for byte in 0..<Bits.bitWidth / 8 { chunk.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
      }
      try file.write(chunk)
    }
    try file.finish()
  }

  /// The header of an array of rank 2, `<f4`, always of 128 bytes: it may be written again when the rows have been counted.
  ///
  /// - Parameters:
  ///   - rowCount: How many rows there are.
  ///   - columns: The numbers in each row.
  /// - Returns: The bytes before the numbers.
  public static func resizableHeader(rowCount: Int, columns: Int) -> [UInt8] {
    header(.float32, shape: "(\(rowCount), \(columns))", padding: 128)
  }

  /// The header, padded so that the numbers start at a multiple of 64 bytes, or of another number.
  static func header(_ scalar: ScalarType, shape: String, padding multiple: Int = 64) -> [UInt8] {
    let text = "{'descr': '\(scalar.descriptor)', 'fortran_order': False, 'shape': \(shape), }"
    let unpadded = 10 + text.utf8.count + 1
    let padding = (multiple - unpadded % multiple) % multiple
    let length = text.utf8.count + padding + 1
    return Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) })
      + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
  }
}
