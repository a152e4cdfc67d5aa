#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Appends rows to row files; the one writing process holds one.
///
/// The order of events that makes an acknowledged row durable: (1) ``append(_:)`` writes the bytes, (2) ``sync()`` makes them durable,
/// (3) the catalogue commits the transaction that names them. A crash before (3) leaves bytes that nobody names; the next
/// appender writes over them. After a failed sync nothing is known about what the file holds, so nothing more is written.
///
/// Writes by `pwrite`, never through a mapping: a full disk is then an error and not a bus error.
public struct RowAppender: ~Copyable {
  /// Where the next row goes.
  public private(set) var count: Int
  private let directory: String
  private let layout: RowLayout
  private let catalogue: CatalogueID
  private var open: (file: Int, descriptor: Int32)?
  private var failedSync = false
  /// Whether a file came into being since the last sync, which nothing but a sync makes lasting.
  public private(set) var hasNewFile = false

  /// Prepares to append after the last row that the catalogue names.
  ///
  /// - Parameters:
  ///   - directory: The folder of the row files.
  ///   - layout: The shape of the rows.
  ///   - catalogue: Whose files they are.
  ///   - count: How many rows the catalogue names.
  public init(directory: String, layout: RowLayout, catalogue: CatalogueID, count: Int) {
    self.directory = directory
    self.layout = layout
    self.catalogue = catalogue
    self.count = count
  }

  deinit {
    if let descriptor = open?.descriptor { close(descriptor) }
  }

  /// Goes back to where a transaction began that was not committed: the next rows take the place of those that nobody names.
  ///
  /// - Parameter count: How many rows the catalogue names; not more than were appended.
  public mutating func rewind(to count: Int) {
    precondition(count <= self.count, "rows that were never appended")
    self.count = count
  }

  /// Writes rows after the last one.
  ///
  /// Not yet durable: see ``sync()``.
  ///
  /// - Parameter rows: Rows of the same layout.
  /// - Returns: The ordinal of the first of them; the others follow.
  /// - Throws: `IndexError`; the rows count as not written, and may be appended again.
  public mutating func append(_ rows: EncodedRows) throws(IndexError) -> Ordinal {
    precondition(rows.layout == layout)
    try checkSyncs()
    let first = count
    guard first + rows.count <= Int(UInt32.max >> 1) else {
      throw .damaged(file: directory, reason: "a catalogue holds at most \(UInt32.max >> 1) rows")
    }
    var written = 0
    while written < rows.count {
      let file = (first + written) >> layout.rowsPerFileShift
      let slot = (first + written) & (layout.rowsPerFile - 1)
      let run = min(rows.count - written, layout.rowsPerFile - slot)
      let descriptor = try descriptor(of: file)
      let path = path(of: file)
      // The rows before their norms: a file long enough for its rows always has its norms.
      try write(
        rows.bytes.span.extracting(written * layout.stride..<(written + run) * layout.stride),
        at: layout.rowsOffset + slot * layout.stride, descriptor, path)
      try write(
        rows.norms.span.extracting(written..<written + run),
        at: RowLayout.headerBytes + slot * 4, descriptor, path)
      written += run
    }
    count = first + rows.count
    return Ordinal(UInt32(first))
  }

  /// Writes a row again that a file may have lost; not yet durable.
  ///
  /// - Parameters:
  ///   - image: What ``EncodedRows/image(of:)`` answered when it was appended.
  ///   - ordinal: The number that it got.
  /// - Throws: `IndexError`.
  public mutating func restore(_ image: [UInt8], at ordinal: Ordinal) throws(IndexError) {
    try checkSyncs()
    let file = ordinal.index >> layout.rowsPerFileShift
    guard image.count == layout.stride + 4 else {
      throw .damaged(file: path(of: file), reason: "row \(ordinal.rawValue) of the journal is of another length")
    }
    let slot = ordinal.index & (layout.rowsPerFile - 1)
    let descriptor = try descriptor(of: file)
    try write(
      image.span.extracting(0..<layout.stride), at: layout.rowsOffset + slot * layout.stride, descriptor,
      path(of: file))
    try write(
      image.span.extracting(layout.stride..<image.count), at: RowLayout.headerBytes + slot * 4, descriptor,
      path(of: file))
  }

  /// Makes everything appended durable.
  ///
  /// - Throws: `IndexError`; after that, every call throws, because a failed sync may have dropped bytes that later ones would not
  ///   report.
  public mutating func sync() throws(IndexError) {
    try checkSyncs()
    guard let open else { return }
    let path = path(of: open.file)
    do {
      _ = try SystemCall.retrying("sync", path) { fdatasync(open.descriptor) }
    } catch {
      failedSync = true
      throw error
    }
    hasNewFile = false
  }

  private func checkSyncs() throws(IndexError) {
    guard failedSync else { return }
    throw .io(file: directory, operation: "sync (an earlier one failed)", code: EIO)
  }

  /// Makes the names of the files durable.
  private mutating func syncDirectory() throws(IndexError) {
    do {
      try DurableDirectory.sync(directory)
    } catch {
      failedSync = true
      throw error
    }
  }

  private func path(of file: Int) -> String { "\(directory)/\(RowLayout.fileName(file))" }

  /// The descriptor of a file; the one before it is synced and closed, a new one gets its header.
  private mutating func descriptor(of file: Int) throws(IndexError) -> Int32 {
    if let open, open.file == file { return open.descriptor }
    try sync()
    if let open { close(open.descriptor) }
    open = nil
    let path = path(of: file)
    let descriptor = try SystemCall.retrying("open", path) { Self.openForWriting(path) }
    do {
      let header = RowFileHeader(layout: layout, file: file, catalogue: catalogue)
      if try MappedFile.length(of: descriptor, path: path) < RowLayout.headerBytes {
        try write(header.page.span, at: 0, descriptor, path)
        hasNewFile = true
      }
      // A new file's name is durable only when its directory is; who made the file may have ended before that.
      try syncDirectory()
    } catch {
      close(descriptor)
      throw error
    }
    open = (file, descriptor)
    return descriptor
  }

  private static func openForWriting(_ path: String) -> Int32 {
    // SAFETY: the system reads the terminated path during the call.
    unsafe path.withCString { unsafe Glibc.open($0, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644) }
  }

  private func write<Number: BitwiseCopyable>(
    _ numbers: Span<Number>, at offset: Int, _ descriptor: Int32, _ path: String
  ) throws(IndexError) {
    try SystemCall.write(numbers, at: offset, descriptor, path)
  }
}
