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
      let descriptor = try descriptor(of: file, holding: slot)
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
    // The file may be shorter than its rows: that is what is put right here.
    let descriptor = try descriptor(of: file, holding: nil)
    try write(
      image.span.extracting(0..<layout.stride), at: layout.rowsOffset + slot * layout.stride, descriptor,
      path(of: file))
    try write(
      image.span.extracting(layout.stride..<image.count), at: RowLayout.headerBytes + slot * 4, descriptor,
      path(of: file))
  }

  /// Makes everything that this appender wrote durable.
  ///
  /// Says nothing about rows that others wrote: see ``sync(filesOf:)``.
  ///
  /// - Throws: `IndexError`; after that, every call throws, because a failed sync may have dropped bytes that later ones would not
  ///   report.
  public mutating func sync() throws(IndexError) {
    try checkSyncs()
    guard let open else { return }
    try sync(open.descriptor, path(of: open.file))
    hasNewFile = false
  }

  /// Makes every file durable that holds one of some rows, whoever wrote them, and the names of the files.
  ///
  /// What a process wrote that has ended, or another appender, may still be in memory only. A file that this appender has open
  /// is synced with all that was appended to it.
  ///
  /// - Parameter ordinals: Rows that were appended, in any order, by anybody.
  /// - Throws: `IndexError`; `.missing` for a file that is not there. After that, every call throws, as with ``sync()``.
  /// - Complexity: O(*n*) for *n* ordinals, and one sync a file.
  public mutating func sync(filesOf ordinals: some Sequence<Ordinal>) throws(IndexError) {
    try checkSyncs()
    let files = Set(ordinals.lazy.map { [layout] in $0.index >> layout.rowsPerFileShift })
    guard !files.isEmpty else { return }
    for file in files.sorted() {
      let path = path(of: file)
      if let open, open.file == file {
        try sync(open.descriptor, path)
        hasNewFile = false
      } else {
        let descriptor = try SystemCall.retrying("open", path) { Self.openForWriting(path, creating: false) }
        defer { close(descriptor) }
        try sync(descriptor, path)
      }
    }
    try syncDirectory()
  }

  private mutating func sync(_ descriptor: Int32, _ path: String) throws(IndexError) {
    do {
      _ = try SystemCall.retrying("sync", path) { fdatasync(descriptor) }
    } catch {
      failedSync = true
      throw error
    }
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

  /// The descriptor of a file; the one before it is synced and closed.
  ///
  /// A file in which no row counts yet is begun anew where a crash left it without a header. Any other has to be ours, and as long
  /// as its rows: what is appended to a file that cannot be read is lost.
  ///
  /// - Parameters:
  ///   - file: Its number.
  ///   - rows: How many rows it holds that count; nil where rows that count are missing from its end.
  /// - Returns: Open for writing, behind a header that is ours.
  /// - Throws: `IndexError`, naming the file.
  private mutating func descriptor(of file: Int, holding rows: Int?) throws(IndexError) -> Int32 {
    if let open, open.file == file { return open.descriptor }
    try sync()
    if let open { close(open.descriptor) }
    open = nil
    let path = path(of: file)
    let descriptor = try SystemCall.retrying("open", path) { Self.openForWriting(path, creating: rows == 0) }
    do {
      let header = RowFileHeader(layout: layout, file: file, catalogue: catalogue)
      let first = try RowFile.firstBytes(of: descriptor, path: path)
      let isEmpty = first.allSatisfy { $0 == 0 } || first.count < RowFileHeader.byteCount
      if rows != 0 || !isEmpty { try header.check(first, name: path) }
      // Of the header's page a crash may have left a part, which is ours where it says so.
      let length = try MappedFile.length(of: descriptor, path: path)
      if rows == 0, isEmpty || length < RowLayout.headerBytes {
        try write(header.page.span, at: 0, descriptor, path)
      } else if let rows {
        try MappedFile.check(descriptor, path: path, needed: layout.fileBytes(holding: rows))
      }
      // Whoever wrote the header may have ended before it was synced.
      if rows == 0 { hasNewFile = true }
      // A new file's name is durable only when its directory is; who made the file may have ended before that.
      try syncDirectory()
    } catch {
      close(descriptor)
      throw error
    }
    open = (file, descriptor)
    return descriptor
  }

  private static func openForWriting(_ path: String, creating: Bool) -> Int32 {
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (creating ? O_CREAT : 0)
    // SAFETY: the system reads the terminated path during the call.
    return unsafe path.withCString { unsafe Glibc.open($0, flags, 0o644) }
  }

  private func write<Number: BitwiseCopyable>(
    _ numbers: Span<Number>, at offset: Int, _ descriptor: Int32, _ path: String
  ) throws(IndexError) {
    try SystemCall.write(numbers, at: offset, descriptor, path)
  }
}
