/// A file that is written from front to back through a buffer.
///
/// `finish()` must be called: only then is everything written, and only there is a late failure seen.
public struct OutputFile: ~Copyable {
  private static let bufferSize = 1 << 16

  private let path: String
  private var descriptor: Int32?
  private var buffer: [UInt8] = []

  /// Creates the file, or empties the one that is there.
  ///
  /// - Throws: `FileError` with kind `uncreatable` or `forbidden`.
  public init(_ path: String) throws(FileError) {
    do {
      descriptor = try SystemCalls.openForWriting(path)
    } catch {
      throw FileError(creating: path, error)
    }
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    if let descriptor { try? SystemCalls.close(descriptor) }
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError` with kind `inputOutput`, for instance when the disk is full.
  public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is still in the buffer and closes the file.
  ///
  /// - Parameter isDurable: Whether to wait until the disk has everything, as for a file that is renamed into its place.
  /// - Throws: `FileError` with kind `inputOutput`.
  public consuming func finish(isDurable: Bool = false) throws(FileError) {
    try flush()
    guard let descriptor else { return }
    self.descriptor = nil
    do {
      if isDurable { try SystemCalls.sync(descriptor) }
    } catch {
      try? SystemCalls.close(descriptor)
      throw failure(error)
    }
    do {
      try SystemCalls.close(descriptor)
    } catch {
      throw failure(error)
    }
  }

  private mutating func flush() throws(FileError) {
    guard let descriptor else { return }
    do {
      try SystemCalls.write(descriptor, buffer)
    } catch {
      throw failure(error)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ error: SystemCalls.Failure) -> FileError {
    FileError(.inputOutput, file: path, reason: "cannot be written: \(error.message)")
  }
}
