/// Reads rows of whole numbers from front to back: labels, one a row, or tables such as lists of neighbours.
///
/// - Concurrency: A reader belongs to one thread at a time.
public final class IntegerReader {
  private var cursor: RowCursor

  /// The file, as the caller named it.
  public let path: String
  /// The number of rows.
  public let count: Int
  /// The numbers in each row; 1 for labels.
  public let columns: Int
  /// How the file stores the numbers.
  public let scalar: ScalarType

  init(_ file: consuming InputFile, _ layout: RowLayout) {
    path = file.path
    count = layout.rowCount
    columns = layout.dimension
    scalar = layout.scalar
    cursor = RowCursor(file, layout)
  }

  /// Replaces the numbers by those of the next rows.
  ///
  /// - Parameters:
  ///   - rows: The most rows wanted.
  ///   - numbers: Row after row; as many as the rows returned times `columns`.
  /// - Returns: The number of rows read; less than `rows` only at the end of the file, 0 after it.
  /// - Throws: `FileError` if the file cannot be read on, or a number is beyond the range of `Int64`.
  @discardableResult
  public func read(upTo rows: Int, into numbers: inout [Int64]) throws(FileError) -> Int {
    let firstRow = cursor.nextRow
    let wanted = max(0, min(rows, count - firstRow))
    numbers.setCount(wanted * columns, filler: 0)
    var done = 0
    while done < wanted {
      let chunk = try cursor.read(upTo: wanted - done)
      for row in 0..<chunk {
        let place = cursor.place(of: row, target: (done + row) * columns)
        if let column = RowDecoding.decode(place, of: cursor.bytes, as: scalar, into: &numbers) {
          throw tooLarge(row: firstRow + done + row, column: column)
        }
      }
      done += chunk
    }
    return done
  }

  private func tooLarge(row: Int, column: Int) -> FileError {
    let layout = cursor.layout
    let offset = layout.offset(ofRow: row) + layout.rowPrefixByteCount + column * scalar.byteCount
    return cursor.file.malformed(
      at: offset, "the number in row \(row) is beyond \(Int64.max), the largest that is kept")
  }
}
