/// A snapshot file, mapped: its sections are read in place.
///
/// Opening checks the header, the table of sections, the length of the file, the list of checksums, and the contents of sections of up to 1 MiB. Larger
/// ones would have to be read whole, which would make opening take as long as reading the file; whoever uses them checks what it finds before it trusts
/// it, and ``verify(progress:)`` checks their checksums.
public struct SnapshotReader: Sendable {
  /// Where the file lies.
  public var path: String { map.path }
  /// The revision of the catalogue up to which the snapshot is complete.
  public var sequence: Int64 { header.sequence }
  /// How many rows it is about, removed ones among them.
  public var rowCount: Int { header.rowCount }
  /// The length of the file.
  public var byteCount: Int { map.capacity }
  private let header: SnapshotHeader
  private let map: MappedFile
  private let checksums: MappedArray<UInt32>

  /// Opens a snapshot file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - catalogue: Whose it has to be.
  /// - Throws: `IndexError`, naming the file and the section that is not as it was written.
  /// - Complexity: O(1) in the rows.
  public init(path: String, catalogue: CatalogueID) throws(IndexError) {
    map = try MappedFile(wholeOf: path, minimum: SnapshotHeader.pageBytes)
    let page = MappedArray<UInt8>(map, offset: 0, count: SnapshotHeader.pageBytes)
    header = try page.withSpan { [map] page throws(IndexError) in
      try SnapshotHeader(page: page, fileBytes: map.capacity, file: path)
    }
    guard header.catalogue == catalogue else { throw .damaged(file: path, reason: "belongs to another catalogue") }
    checksums = MappedArray(map, offset: header.listOffset, count: header.blockCount)
    let list = MappedArray<UInt8>(map, offset: header.listOffset, count: header.blockCount * 4)
    guard list.withSpan({ Checksum.of($0) }) == header.listChecksum else {
      throw .damaged(file: path, reason: "the list of checksums does not match its own checksum")
    }
    for section in header.sections where section.blockCount == 1 { try verify(section) }
  }

  /// The names of the sections, in the order of the file.
  public var sectionNames: [String] { header.sections.map(\.name) }

  /// The elements of a section.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - type: What an element is; it has to have the section's element size.
  ///   - count: How many elements there have to be, where that is known.
  ///   - isVerified: Whether its contents are compared with their checksums first, however large it is.
  /// - Returns: The elements, in place.
  /// - Throws: `IndexError.damaged`, naming the section.
  public func section<Element>(
    _ name: String, of type: Element.Type, count: Int? = nil, isVerified: Bool = false
  ) throws(IndexError) -> MappedArray<Element> {
    guard let section = header.sections.first(where: { $0.name == name }) else {
      throw .damaged(file: path, reason: "has no section \(name)")
    }
    guard section.elementBytes == MemoryLayout<Element>.stride else {
      throw .damaged(
        file: path,
        reason: "section \(name) has elements of \(section.elementBytes) bytes, not \(MemoryLayout<Element>.stride)")
    }
    let found = section.byteCount / section.elementBytes
    guard found == count ?? found else {
      throw .damaged(file: path, reason: "section \(name) has \(found) elements, not \(count ?? found)")
    }
    if isVerified { try verify(section) }
    return MappedArray(map, offset: section.offset, count: found)
  }

  /// Compares everything with its checksums.
  ///
  /// - Parameter progress: Is told how many of how many bytes were read.
  /// - Throws: `IndexError.damaged`, naming the section and the block.
  /// - Complexity: O(bytes).
  public func verify(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(IndexError) {
    for section in header.sections {
      try verify(section)
      progress(section.end, byteCount)
    }
  }

  /// The error that says what is wrong with a section.
  public func damage(_ section: String, _ reason: String) -> IndexError {
    .damaged(file: path, reason: "section \(section) \(reason)")
  }

  private func verify(_ section: SnapshotSection) throws(IndexError) {
    let first = header.sections.prefix { $0 != section }.reduce(0) { $0 + $1.blockCount }
    for block in 0..<section.blockCount {
      let start = block * SnapshotHeader.blockBytes
      let bytes = MappedArray<UInt8>(
        map, offset: section.offset + start, count: min(SnapshotHeader.blockBytes, section.byteCount - start))
      guard bytes.withSpan({ Checksum.of($0) }) == checksums[first + block] else {
        throw damage(section.name, "does not match the checksum of its block \(block)")
      }
    }
  }
}
