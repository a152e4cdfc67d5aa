/// A file that is written from front to back over several runs of a program.
///
/// What an earlier run wrote beyond a length that it noted is cut off, and writing goes on there. The file is locked as long as it is open, so that
/// two processes never write to it at once.
///
/// - Concurrency: Belongs to one thread at a time; another may ``sync()`` meanwhile.
public final class PartFile: @unchecked Sendable {
  private let path: String
  private let descriptor: Int32
  /// The length so far.
  public private(set) var byteCount: Int
  /// Why it could not be synced.
  ///
  /// The system says so once; what it could not write is lost, and a later sync would not tell.
  private var syncFailure: FileError?

  /// Opens the file, or makes an empty one, and takes its lock; its content stays until ``keep(_:)``.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError` with kind `uncreatable` or `forbidden`, `inputOutput`, or `locked` while another process writes to it.
  public init(_ path: String) throws(FileError) {
    (descriptor, byteCount) = try Self.open(path)
    self.path = path
  }

  deinit { try? SystemCalls.close(descriptor) }

  private static func open(_ path: String) throws(FileError) -> (descriptor: Int32, byteCount: Int) {
    let descriptor: Int32
    do {
      descriptor = try SystemCalls.openForUpdating(path)
    } catch {
      throw FileError(creating: path, error)
    }
    do {
      if try SystemCalls.lock(descriptor) { return (descriptor, try SystemCalls.status(of: descriptor).byteCount) }
    } catch {
      try? SystemCalls.close(descriptor)
      throw FileError(.inputOutput, file: path, reason: "cannot be locked: \(error.message)")
    }
    try? SystemCalls.close(descriptor)
    throw FileError(.locked, file: path, reason: "another process is writing to it; wait until it has ended")
  }

  /// Cuts off everything after the first bytes.
  ///
  /// - Parameter byteCount: How many are kept, not more than there are.
  /// - Throws: `FileError`.
  public func keep(_ byteCount: Int) throws(FileError) {
    precondition(byteCount >= 0 && byteCount <= self.byteCount)
    try reporting { () throws(SystemCalls.Failure) in try SystemCalls.truncate(descriptor, to: byteCount) }
    self.byteCount = byteCount
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError` with kind `inputOutput`, for instance when the disk is full.
  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    try overwrite(bytes, at: byteCount)
    byteCount += bytes.count
  }

  /// Replaces bytes.
  ///
  /// - Throws: `FileError` with kind `inputOutput`.
  public func overwrite(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    do {
      try SystemCalls.write(descriptor, bytes, at: offset)
    } catch {
      throw FileError(.inputOutput, file: path, reason: "cannot be written: \(error.message)")
    }
  }

  /// Waits until the disk has everything that was written.
  ///
  /// - Throws: `FileError` with kind `inputOutput`; the same again once that has happened.
  public func sync() throws(FileError) {
    if let syncFailure { throw syncFailure }
    do {
      try reporting { () throws(SystemCalls.Failure) in try SystemCalls.sync(descriptor) }
    } catch {
      syncFailure = error
      throw error
    }
  }

  private func reporting(_ body: () throws(SystemCalls.Failure) -> Void) throws(FileError) {
    do {
      try body()
    } catch {
      throw FileError(.inputOutput, file: path, reason: "cannot be written: \(error.message)")
    }
  }
}
