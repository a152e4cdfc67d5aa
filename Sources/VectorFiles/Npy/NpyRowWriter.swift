/// Writes a NumPy array of rank 2 row by row, in constant memory.
///
/// `finish()` must be called: only then is everything written.
public struct NpyRowWriter: ~Copyable {
  private let path: String
  private let rowCount: Int
  private let rowByteCount: Int
  private var written = 0
  private var file: OutputFile

  /// Creates the file and writes its header.
  ///
  /// - Parameters:
  ///   - path: The file to create or replace.
  ///   - rowCount: How many rows will be written.
  ///   - dimension: The numbers in each row, at least 1.
  ///   - precision: How each number is stored.
  /// - Throws: `FileError` if the file cannot be written.
  public init(_ path: String, rowCount: Int, dimension: Int, precision: NpyWriter.Precision) throws(FileError) {
    precondition(rowCount >= 0 && dimension >= 1)
    let scalar: ScalarType = precision == .float16 ? .float16 : .float32
    var file = try OutputFile(path)
    try file.write(NpyWriter.header(scalar, shape: "(\(rowCount), \(dimension))"))
    self.path = path
    self.rowCount = rowCount
    rowByteCount = dimension * scalar.byteCount
    self.file = file
  }

  /// Writes the next row.
  ///
  /// - Parameter bytes: Its numbers as they are stored, little-endian.
  /// - Throws: `FileError` if the file cannot be written.
  public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    precondition(bytes.count == rowByteCount && written < rowCount, "the row does not fit the header")
    try file.write(bytes)
    written += 1
  }

  /// Writes what is still in the buffer, waits until the disk has it, and closes the file.
  ///
  /// - Throws: `FileError`, also where rows are missing.
  public consuming func finish() throws(FileError) {
    guard written == rowCount else {
      throw FileError(.inputOutput, file: path, reason: "has \(written) rows where \(rowCount) were announced")
    }
    try file.finish(isDurable: true)
  }
}
