/// Reads the vectors of one file from front to back, a batch at a time.
///
/// A broken binary file is refused as a whole, when it is opened as far as its header and size tell. In JSON lines each
/// row stands for itself: a bad one is refused in its place and reading goes on.
///
/// - Concurrency: A reader belongs to one thread at a time.
public protocol VectorReader: AnyObject {
  /// The file, as the caller named it.
  var path: String { get }
  /// The numbers in each vector.
  var dimension: Int { get }
  /// The number of rows, where the format tells before the last row has been read.
  var count: Int? { get }
  /// How the file stores the numbers; the block always holds `Float`, and every stored number is exact in it.
  var scalar: ScalarType { get }

  /// Replaces the block's content by the next rows.
  ///
  /// - Parameters:
  ///   - rows: The most rows wanted, at least 1.
  ///   - block: The block to fill; reuse one for all calls.
  /// - Returns: The number of rows in the block; less than `rows` only at the end of the file, 0 after it.
  /// - Throws: `FileError` if the file cannot be read on. No row of the failing batch is handed out.
  /// - Complexity: O(rows × dimension).
  /// - Allocates: Nothing once the block has grown, for the binary formats.
  @discardableResult
  func read(upTo rows: Int, into block: inout VectorBlock) throws(FileError) -> Int

  /// Passes over the next rows, which may be bad.
  ///
  /// - Parameter rows: How many.
  /// - Throws: `FileError` if there are fewer, or the file cannot be read.
  /// - Complexity: O(1) for the binary formats, O(bytes) for JSON lines.
  func skip(rows: Int) throws(FileError)
}
