/// Writes a snapshot file, section by section, in one pass.
///
/// 1. ``add(_:_:)`` a whole section, or ``begin(_:of:)`` one and ``write(_:)`` it piece by piece.
/// 2. ``finish(sequence:rowCount:)`` writes the header last and makes the file durable. A file whose writer did not get that far has no header and is
///    no snapshot.
///
/// The name is given to the file by whoever publishes it. Writes by `pwrite`: a full disk is an error and not a bus error.
public final class SnapshotWriter {
  private let file: OutputFile
  private let catalogue: CatalogueID
  private var sections: [SnapshotSection] = []
  private var checksums: [UInt32] = []
  private var block = Checksum()
  private var blockBytes = 0
  private var isFinished = false

  /// Makes a file, which must not exist yet.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - catalogue: Whose snapshot it will be.
  /// - Throws: `IndexError`.
  public init(path: String, catalogue: CatalogueID) throws(IndexError) {
    file = try OutputFile(creating: path)
    self.catalogue = catalogue
  }

  /// Begins the next section.
  ///
  /// - Parameters:
  ///   - name: 1 to 16 printable ASCII characters that no other section of the file has.
  ///   - type: What it consists of.
  public func begin<Element: BitwiseCopyable>(_ name: String, of type: Element.Type) {
    precondition(!isFinished && sections.count < SnapshotHeader.maximumSections)
    precondition((1...16).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    precondition(!sections.contains { $0.name == name })
    closeBlock()
    sections.append(
      SnapshotSection(name: name, offset: end, byteCount: 0, elementBytes: MemoryLayout<Element>.stride))
  }

  /// Adds elements to the section that was begun last.
  ///
  /// - Throws: `IndexError`; the file is then of no use.
  public func write<Element: BitwiseCopyable>(_ elements: Span<Element>) throws(IndexError) {
    let last = sections.count - 1
    precondition(!isFinished && last >= 0 && sections[last].elementBytes == MemoryLayout<Element>.stride)
    try file.write(elements, at: sections[last].end)
    sections[last].byteCount += elements.count * MemoryLayout<Element>.stride
    elements.withByteSpan { checksum($0) }
  }

  /// Adds elements of another file to the section that was begun last.
  ///
  /// - Throws: `IndexError`; the file is then of no use.
  public func write<Element>(_ elements: MappedArray<Element>) throws(IndexError) {
    try elements.withSpan { span throws(IndexError) in try write(span) }
  }

  /// Adds a whole section.
  ///
  /// - Parameters:
  ///   - name: As for ``begin(_:of:)``.
  ///   - elements: Its contents.
  /// - Throws: `IndexError`; the file is then of no use.
  public func add<Element: BitwiseCopyable>(
    _ name: String, _ elements: Span<Element>
  ) throws(IndexError) {
    begin(name, of: Element.self)
    try write(elements)
  }

  /// Writes the list of checksums and the header, and makes the file durable.
  ///
  /// - Parameters:
  ///   - sequence: The revision of the catalogue up to which the snapshot is complete.
  ///   - rowCount: How many rows it is about.
  /// - Returns: The length of the file.
  /// - Throws: `IndexError`; the file is then of no use.
  @discardableResult
  public func finish(sequence: Int64, rowCount: Int) throws(IndexError) -> Int {
    precondition(!isFinished && sequence >= 0 && rowCount >= 0)
    isFinished = true
    closeBlock()
    let list = checksums
    let listChecksum = list.span.withByteSpan { Checksum.of($0) }
    let header = SnapshotHeader(
      catalogue: catalogue, sequence: sequence, rowCount: rowCount, sections: sections, listChecksum: listChecksum)
    try file.write(list.span, at: header.listOffset)
    try file.setLength(header.fileBytes)
    try file.write(header.page.span, at: 0)
    try file.sync()
    return header.fileBytes
  }

  /// Where the next section begins.
  private var end: Int { SnapshotHeader.aligned(sections.last?.end ?? SnapshotHeader.pageBytes) }

  private func checksum(_ bytes: Span<UInt8>) {
    var rest = 0..<bytes.count
    while !rest.isEmpty {
      let part = rest.prefix(SnapshotHeader.blockBytes - blockBytes)
      block.add(bytes.extracting(part))
      blockBytes += part.count
      if blockBytes == SnapshotHeader.blockBytes { closeBlock() }
      rest = part.upperBound..<rest.upperBound
    }
  }

  private func closeBlock() {
    if blockBytes > 0 { checksums.append(block.value) }
    (block, blockBytes) = (Checksum(), 0)
  }
}
