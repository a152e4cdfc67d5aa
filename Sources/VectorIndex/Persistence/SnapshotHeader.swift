/// The first page of a snapshot file: what it is, whose, and where its sections lie.
///
/// `SnapshotFormat.md` has the table of its bytes. The page's last four bytes are the checksum of all others, so that no byte of it can change
/// unnoticed.
struct SnapshotHeader: Hashable, Sendable {
  static let magic = Array("KAGAMIIX".utf8)
  static let format: UInt32 = 1
  /// The length of the header, and what every section's offset is a multiple of.
  static let pageBytes = 4096
  /// Bytes that one checksum is about.
  static let blockBytes = 1 << 20
  static let maximumSections = 99
  private static let tableOffset = 96
  private static let entryBytes = 40
  private static let checksumOffset = pageBytes - 4

  var catalogue: CatalogueID
  var sequence: Int64
  var rowCount: Int
  var sections: [SnapshotSection]
  /// The CRC-32C of the list of block checksums.
  var listChecksum: UInt32

  /// Where the list of block checksums begins: behind the last section.
  var listOffset: Int { Self.aligned(sections.last?.end ?? Self.pageBytes) }
  /// How many block checksums there are.
  var blockCount: Int { sections.reduce(0) { $0 + $1.blockCount } }
  /// The length of the whole file.
  var fileBytes: Int { listOffset + blockCount * 4 }

  /// The next multiple of a page.
  static func aligned(_ offset: Int) -> Int { (offset + pageBytes - 1) & ~(pageBytes - 1) }

  /// The page as it lies in the file.
  var page: [UInt8] {
    precondition(sections.count <= Self.maximumSections)
    var bytes = Self.magic
    bytes.appendLittleEndian(Self.format)
    bytes.appendLittleEndian(UInt32(sections.count))
    bytes += catalogue.bytes
    for number in [UInt64(sequence), UInt64(rowCount), UInt64(fileBytes), UInt64(listOffset)] {
      bytes.appendLittleEndian(number)
    }
    bytes.appendLittleEndian(listChecksum)
    bytes.append(zeros: Self.tableOffset - bytes.count)
    for section in sections {
      bytes += section.name.utf8
      bytes.append(zeros: 16 - section.name.utf8.count)
      bytes.appendLittleEndian(UInt64(section.offset))
      bytes.appendLittleEndian(UInt64(section.byteCount))
      bytes.appendLittleEndian(UInt32(section.elementBytes))
      bytes.append(zeros: 4)
    }
    bytes.append(zeros: Self.checksumOffset - bytes.count)
    bytes.appendLittleEndian(Checksum.of(bytes.span))
    return bytes
  }
}

extension SnapshotHeader {
  /// Reads the first page of a file.
  ///
  /// There is one right place for every section, so that comparing offsets shows at once that sections lie in the file, in order, on pages of their own.
  ///
  /// - Parameters:
  ///   - page: The first page of the file.
  ///   - fileBytes: The length of the file.
  ///   - file: Its path, for messages.
  /// - Throws: `IndexError.damaged` or `.newer`.
  init(page: Span<UInt8>, fileBytes: Int, file: String) throws(IndexError) {
    guard page.count == Self.pageBytes, page.bytes(0..<8) == Self.magic else {
      throw .damaged(file: file, reason: "does not begin as a snapshot")
    }
    let found = page.number(at: 8)
    guard found <= Self.format else { throw .newer(file: file, found: found, supported: Self.format) }
    guard page.number(at: Self.checksumOffset) == Checksum.of(page.extracting(0..<Self.checksumOffset)) else {
      throw .damaged(file: file, reason: "the checksum of its header does not match")
    }
    let sections = Int(page.number(at: 12))
    guard found == Self.format, sections <= Self.maximumSections,
      let sequence = Int64(exactly: page.longNumber(at: 32)),
      let rowCount = Int32(exactly: page.longNumber(at: 40))
    else { throw .damaged(file: file, reason: "its header has impossible numbers") }
    catalogue = CatalogueID(bytes: page.bytes(16..<32))
    (self.sequence, self.rowCount) = (sequence, Int(rowCount))
    listChecksum = page.number(at: 64)
    self.sections = []
    for number in 0..<sections {
      let place = listOffset
      let section = try SnapshotSection(
        entry: page.extracting(
          Self.tableOffset + number * Self.entryBytes..<Self.tableOffset + (number + 1) * Self.entryBytes),
        at: place, limit: fileBytes, file: file)
      guard !self.sections.contains(where: { $0.name == section.name }) else {
        throw .damaged(file: file, reason: "section \(section.name) stands twice in its table")
      }
      self.sections.append(section)
    }
    guard page.longNumber(at: 48) == UInt64(self.fileBytes), page.longNumber(at: 56) == UInt64(listOffset) else {
      throw .damaged(file: file, reason: "its header contradicts its table of sections")
    }
    guard fileBytes == self.fileBytes else {
      throw .damaged(file: file, reason: "has \(fileBytes) bytes where its header needs \(self.fileBytes)")
    }
  }
}

/// Where one section of a snapshot file lies.
struct SnapshotSection: Hashable, Sendable {
  var name: String
  var offset: Int
  var byteCount: Int
  var elementBytes: Int

  var end: Int { offset + byteCount }
  var blockCount: Int { (byteCount + SnapshotHeader.blockBytes - 1) / SnapshotHeader.blockBytes }
}

extension SnapshotSection {
  /// Reads an entry of the table.
  ///
  /// - Parameters:
  ///   - entry: Its forty bytes.
  ///   - place: Where the section has to begin.
  ///   - limit: The length of the file.
  ///   - file: Its path, for messages.
  /// - Throws: `IndexError.damaged`, naming the section.
  fileprivate init(entry: Span<UInt8>, at place: Int, limit: Int, file: String) throws(IndexError) {
    let name = entry.bytes(0..<16).prefix { $0 != 0 }
    guard !name.isEmpty, name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .damaged(file: file, reason: "a section of its table has no name")
    }
    self.name = String(decoding: name, as: UTF8.self)
    (offset, byteCount, elementBytes) = (place, 0, Int(entry.number(at: 32)))
    guard place <= limit, entry.longNumber(at: 16) == UInt64(place), entry.longNumber(at: 24) <= UInt64(limit - place)
    else { throw .damaged(file: file, reason: "section \(self.name) does not lie where it has to, or beyond the end") }
    byteCount = Int(entry.longNumber(at: 24))
    guard elementBytes > 0, byteCount % elementBytes == 0 else {
      throw .damaged(file: file, reason: "section \(self.name) does not consist of whole elements")
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  fileprivate mutating func append(zeros count: Int) { append(contentsOf: repeatElement(0, count: count)) }
}

extension Span<UInt8> {
  fileprivate func number(at offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: littleEndian(at: offset, bytes: 4)) }

  fileprivate func longNumber(at offset: Int) -> UInt64 { littleEndian(at: offset, bytes: 8) }

  private func littleEndian(at offset: Int, bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }

  fileprivate func bytes(_ range: Range<Int>) -> [UInt8] { range.map { self[$0] } }
}
