/// Reads metadata from JSON lines: each line an object that describes one row of the vectors beside it.
///
/// ```
/// {"key": "noto/1f600", "member": "noto", "work": "1f600", "title": "Grinning face", "year": 2012}
/// ```
/// Line *n* belongs to row *n*, so an empty line is a refused row; only one empty line at the very end is passed over.
/// `null` counts as absent. Duplicate names, invalid UTF-8 and anything that is not strict JSON refuse the line.
///
/// - Concurrency: A reader belongs to one thread at a time.
public final class MetadataReader {
  private var lines: ItemLineReader

  /// The file, as the caller named it.
  public let path: String

  /// Opens a file of metadata.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - requiresKey: Whether a line without `key` is refused.
  /// - Throws: `FileError` if the file cannot be opened.
  public init(_ path: String, requiresKey: Bool = true) throws(FileError) {
    self.path = path
    lines = try ItemLineReader(path, ItemLineParser.Rules(requiresKey: requiresKey, hasVector: false))
  }

  /// Counts the rows of a file of metadata without understanding them, to compare with the vectors beside it.
  ///
  /// - Parameter path: The file.
  /// - Returns: Its lines, an empty one at the very end not among them.
  /// - Throws: `FileError` if the file cannot be read.
  /// - Complexity: O(bytes).
  public static func rowCount(of path: String) throws(FileError) -> Int {
    var lines = LineReader(try InputFile(path))
    var count = 0
    while let line = try lines.next() {
      if line.range.isEmpty, !line.isTooLong, try lines.isAtEnd() { break }
      count += 1
    }
    return count
  }

  /// Reads the next line.
  ///
  /// - Returns: What the line says, or why it is refused; nil after the last line.
  /// - Throws: `FileError` if the file cannot be read.
  public func next() throws(FileError) -> Result<ItemMetadata, RefusedRow>? {
    try lines.next()
  }
}
