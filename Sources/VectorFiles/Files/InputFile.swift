/// An open regular file that is read at offsets.
///
/// Every failure comes out as a `FileError` that names the file and the byte.
struct InputFile: ~Copyable {
  /// The file, as the caller named it.
  let path: String
  /// The length in bytes when it was opened.
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: `FileError` with kind `unopenable` if there is no such file, `forbidden` if it may not be read, `unsupported` if it is
  ///   a directory, a pipe or a device.
  init(_ path: String) throws(FileError) {
    (descriptor, byteCount) = try Self.open(path)
    self.path = path
  }

  private static func open(_ path: String) throws(FileError) -> (descriptor: Int32, byteCount: Int) {
    let descriptor: Int32
    do {
      descriptor = try SystemCalls.openForReading(path)
    } catch {
      let reason = error.isMissingFile ? "there is no such file" : "cannot be opened: \(error.message)"
      throw FileError(error.isForbidden ? .forbidden : .unopenable, file: path, reason: reason)
    }
    do {
      return (descriptor, try regularByteCount(of: descriptor, path))
    } catch {
      try? SystemCalls.close(descriptor)
      throw error
    }
  }

  private static func regularByteCount(of descriptor: Int32, _ path: String) throws(FileError) -> Int {
    let status: SystemCalls.Status
    do {
      status = try SystemCalls.status(of: descriptor)
    } catch {
      throw FileError(.inputOutput, file: path, reason: "cannot be examined: \(error.message)")
    }
    guard status.isRegularFile else {
      throw FileError(.unsupported, file: path, reason: "is not a regular file; save the data to a file first")
    }
    return status.byteCount
  }

  deinit {
    try? SystemCalls.close(descriptor)
  }

  /// Reads as many bytes as there are from an offset on, at most as many as the range of the buffer holds.
  ///
  /// - Returns: The number of bytes read; fewer than the range holds only at the end of the file.
  borrowing func read(at offset: Int, into buffer: inout [UInt8], range: Range<Int>) throws(FileError) -> Int {
    do {
      return try SystemCalls.read(descriptor, at: offset, into: &buffer, range: range)
    } catch {
      throw FileError(.inputOutput, file: path, offset: offset, reason: "cannot be read: \(error.message)")
    }
  }

  /// Fills the first bytes of a buffer from an offset on.
  ///
  /// - Throws: `FileError` with kind `malformed` if the file ends before they are all there: it was cut after it was
  ///   opened, because sizes are checked before rows are read.
  borrowing func fill(_ buffer: inout [UInt8], count wanted: Int, at offset: Int) throws(FileError) {
    let count = try read(at: offset, into: &buffer, range: 0..<wanted)
    guard count == wanted else {
      let missing = wanted - count
      let reason = "the file ends here, \(missing) bytes too early; was it changed while it was read?"
      throw malformed(at: offset + count, reason)
    }
  }

  /// The first bytes of the file, fewer than asked for only if it is shorter.
  borrowing func prefix(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, byteCount))
    try fill(&bytes, count: bytes.count, at: 0)
    return bytes
  }

  /// An error about the bytes at an offset.
  borrowing func malformed(at offset: Int, _ reason: String) -> FileError {
    FileError(.malformed, file: path, offset: offset, reason: reason)
  }

  /// An error about a sound file that is not read here.
  borrowing func unsupported(at offset: Int, _ reason: String) -> FileError {
    FileError(.unsupported, file: path, offset: offset, reason: reason)
  }
}
