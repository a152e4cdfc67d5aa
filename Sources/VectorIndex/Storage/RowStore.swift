import VectorKernels

/// Full-precision rows, addressed by ordinal, in memory-mapped append-only files.
///
/// Elsewhere called flat index or vector storage.
///
/// A value: a store that has grown is another value that shares the mappings of the files that both know. Nothing is copied
/// into memory.
@safe
public struct RowStore: Sendable {
  /// How rows lie in the files.
  public let layout: RowLayout
  /// How many rows there are; every ordinal below it may be read.
  public private(set) var count: Int
  private let catalogue: CatalogueID
  private let directory: String
  private var files: [RowFile] = []
  private(set) var addresses: RowAddresses

  /// Opens the first `count` rows of a directory of row files.
  ///
  /// - Parameters:
  ///   - directory: The folder with `000001.rows` and so on; it need not hold any while `count` is 0.
  ///   - layout: The shape of the rows.
  ///   - catalogue: Whose files they are; another's are refused.
  ///   - count: How many rows the catalogue names.
  /// - Throws: `IndexError`, naming the file that is missing, damaged, too short or newer.
  public init(directory: String, layout: RowLayout, catalogue: CatalogueID, count: Int) throws(IndexError) {
    self.layout = layout
    self.directory = directory
    self.catalogue = catalogue
    self.count = 0
    // SAFETY: without files there is no address.
    unsafe addresses = RowAddresses(files: [], layout: layout)
    try grow(to: count)
  }

  /// Makes rows readable that were appended since.
  ///
  /// - Parameter newCount: How many rows the catalogue names now, not fewer than before.
  /// - Throws: `IndexError`, and then the store is as it was.
  public mutating func grow(to newCount: Int) throws(IndexError) {
    precondition(newCount >= count)
    var grown = files
    for file in files.count..<max(files.count, layout.files(holding: newCount)) {
      let rows = min(layout.rowsPerFile, newCount - file * layout.rowsPerFile)
      let header = RowFileHeader(layout: layout, file: file, catalogue: catalogue)
      grown.append(try RowFile(path: "\(directory)/\(RowLayout.fileName(file))", header: header, rows: rows))
    }
    try checkLength(of: grown, holding: newCount)
    // SAFETY: the addresses hold the files that they point into.
    if grown.count > files.count { unsafe addresses = RowAddresses(files: grown, layout: layout) }
    files = grown
    count = newCount
  }

  /// The last file known before may have to be longer now; reading past its end would be a bus error.
  private func checkLength(of grown: [RowFile], holding newCount: Int) throws(IndexError) {
    guard !files.isEmpty, newCount > count else { return }
    let last = files.count - 1
    let rows = min(layout.rowsPerFile, newCount - last * layout.rowsPerFile)
    // It is mapped, and longer than it is, already: mapping it anew with every commit would cost more than the look.
    try grown[last].map.checkLength(layout.fileBytes(holding: rows))
  }

  /// The Euclidean length of a row, of the numbers as stored.
  public func norm(of ordinal: Ordinal) -> Float {
    precondition(ordinal.index < count)
    // SAFETY: the ordinal was checked on the line above.
    return unsafe addresses.norm(of: ordinal.rawValue)
  }

  /// A row, widened to 32-bit floats.
  ///
  /// - Complexity: O(*d*).
  public func row(_ ordinal: Ordinal) -> [Float] {
    precondition(ordinal.index < count)
    let widen = unsafe DistanceKernels.active.widen(from: layout.elementType)
    return unsafe [Float](unsafeUninitializedCapacity: layout.dimension) { buffer, initialised in
      initialised = layout.dimension
      guard let out = buffer.baseAddress else { return }
      // SAFETY: the ordinal was checked; the buffer has room for one row.
      unsafe widen(addresses.row(ordinal.rawValue), 1, out, layout.dimension)
    }
  }

  /// The stored bytes of a row.
  ///
  /// - Parameters:
  ///   - ordinal: Which row.
  ///   - body: Gets the bytes, for as long as it runs.
  /// - Returns: What `body` returns.
  public func withBytes<Result>(of ordinal: Ordinal, _ body: (Span<UInt8>) -> Result) -> Result {
    precondition(ordinal.index < count)
    // SAFETY: the ordinal was checked; the mapping outlives the call because `self` is borrowed.
    let bytes = unsafe addresses.row(ordinal.rawValue).assumingMemoryBound(to: UInt8.self)
    return unsafe body(Span(_unsafeStart: bytes, count: layout.rowBytes))
  }

  /// Whether the norm kept beside a row is that of the row: norms are derived, and have no checksum of their own.
  ///
  /// - Complexity: O(*d*).
  public func hasSoundNorm(_ ordinal: Ordinal) -> Bool {
    precondition(ordinal.index < count)
    let squaredNorm = unsafe DistanceKernels.active.squaredNorm(over: layout.elementType)
    // SAFETY: the ordinal was checked; a row has `dimension` numbers.
    let squared = unsafe squaredNorm(addresses.row(ordinal.rawValue), layout.dimension)
    return Float(squared.squareRoot()) == norm(of: ordinal)
  }

  /// The checksum of a row's stored bytes, as the catalogue keeps it.
  public func checksum(of ordinal: Ordinal) -> UInt32 {
    withBytes(of: ordinal) { Checksum.of($0) }
  }
}

/// The addresses of rows and norms: what hot loops borrow once.
///
/// Holds the files, so that no address outlives its mapping.
@unsafe
final class RowAddresses: @unchecked Sendable {
  private let files: [RowFile]
  private let rowBases: UnsafeMutablePointer<UnsafeRawPointer>
  private let normBases: UnsafeMutablePointer<UnsafePointer<Float>>
  private let shift: UInt32
  private let mask: UInt32
  let stride: Int

  init(files: [RowFile], layout: RowLayout) {
    unsafe self.files = files
    unsafe shift = UInt32(layout.rowsPerFileShift)
    unsafe mask = UInt32(layout.rowsPerFile - 1)
    unsafe stride = layout.stride
    // SAFETY: one slot a file, all initialised before anyone else sees the object.
    unsafe rowBases = .allocate(capacity: max(files.count, 1))
    unsafe normBases = .allocate(capacity: max(files.count, 1))
    for (slot, file) in files.enumerated() {
      unsafe (rowBases + slot).initialize(to: file.rows(layout))
      unsafe (normBases + slot).initialize(to: file.norms)
    }
  }

  deinit {
    // SAFETY: allocated in init; the elements are trivial.
    unsafe rowBases.deallocate()
    unsafe normBases.deallocate()
  }

  /// Where a row lies.
  ///
  /// The caller keeps the ordinal below the store's count.
  @inline(__always)
  func row(_ ordinal: UInt32) -> UnsafeRawPointer {
    // SAFETY: the ordinal is below the store's count, so its file is mapped and long enough.
    unsafe rowBases[Int(ordinal >> shift)] + Int(ordinal & mask) * stride
  }

  /// The norm of a row.
  ///
  /// The caller keeps the ordinal below the store's count.
  @inline(__always)
  func norm(of ordinal: UInt32) -> Float {
    // SAFETY: as for `row`.
    unsafe normBases[Int(ordinal >> shift)][Int(ordinal & mask)]
  }

  /// Where the norm of a row lies; those of the rows after it in the same file follow.
  @inline(__always)
  func norms(from ordinal: UInt32) -> UnsafePointer<Float> {
    // SAFETY: as for `row`.
    unsafe normBases[Int(ordinal >> shift)] + Int(ordinal & mask)
  }

  /// How many rows from `ordinal` on lie one after another in the same file.
  @inline(__always)
  func run(from ordinal: UInt32) -> Int {
    // SAFETY: reads two numbers of this object.
    unsafe Int(mask - ordinal & mask) + 1
  }
}
