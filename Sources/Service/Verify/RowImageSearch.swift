import Catalogue
import Foundation
import VectorIndex

/// Looks for rows in the files of the record, where those of small commits stand beside their items: in the journal, and in SQLite's log, which keeps
/// pages until somebody empties it or writes over them.
///
/// The log is read as bytes, not as SQLite reads it, so that pages of commits long past are seen as well. A row in it is found by the few bytes that
/// SQLite writes before a blob of its length, and by its checksum; one that is too long for a page goes on in pages that follow each other by
/// number (SQLite file format, "Cell payload overflow pages"), of which the log may hold several versions, and all are tried.
struct RowImageSearch {
  private let wanted: Set<UInt32>
  private let layout: RowLayout

  /// A search for rows with these checksums.
  init(_ checksums: Set<UInt32>, _ layout: RowLayout) {
    (wanted, self.layout) = (checksums, layout)
  }

  /// The files of the record that hold a row, by its checksum.
  ///
  /// - Throws: `CatalogueError`, or the system's error where the log cannot be read: then nobody can tell.
  /// - Complexity: O(bytes) of journal and log.
  func files(of store: CatalogueStore, _ reader: CatalogueReader) throws -> [UInt32: [String]] {
    guard !wanted.isEmpty else { return [:] }
    var found: [UInt32: [String]] = [:]
    var journaled = Set<UInt32>()
    try reader.forEachJournaledRow { _, image in
      if let checksum = wantedChecksum(of: image[...]) { journaled.insert(checksum) }
    }
    for checksum in journaled { found[checksum, default: []].append("\(store.layout.database) (row_journal)") }
    for checksum in try inLog(store.layout.log) { found[checksum, default: []].append(store.layout.log) }
    return found
  }

  /// The wanted checksum that the row at the beginning of some bytes has; nil for another, and for zeros, which say nothing any more.
  private func wantedChecksum(of bytes: ArraySlice<UInt8>) -> UInt32? {
    guard bytes.count >= layout.rowBytes else { return nil }
    let row = Array(bytes.prefix(layout.rowBytes))
    let checksum = Checksum.of(row.span)
    return wanted.contains(checksum) && row.contains { $0 != 0 } ? checksum : nil
  }

  private func inLog(_ path: String) throws -> Set<UInt32> {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let log = try LogPages(Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
    let cell = JournalCell(imageBytes: layout.stride + 4, pageBytes: log.pageBytes)
    var found = Set<UInt32>()
    for page in log.pages {
      for start in cell.starts(in: page) {
        for image in cell.images(at: start, of: page, log) {
          if let checksum = wantedChecksum(of: image) { found.insert(checksum) }
        }
      }
    }
    return found
  }
}

/// The pages that stand in a write-ahead log, whatever commits they belong to (SQLite file format, "The Write-Ahead Log").
private struct LogPages {
  let pageBytes: Int
  let pages: [ArraySlice<UInt8>]
  /// Places in `pages` of every page of the database.
  private let places: [UInt32: [Int]]

  init(_ data: Data) {
    let bytes = [UInt8](data)
    let size = bytes.count >= 32 ? Int(Self.number(bytes[8..<12])) : 0
    // A page has from 512 to 65,536 bytes; what is no log has none.
    guard (512...65_536).contains(size) else {
      (pageBytes, pages, places) = (0, [], [:])
      return
    }
    var (pages, places) = ([ArraySlice<UInt8>](), [UInt32: [Int]]())
    var frame = 32
    while frame + 24 + size <= bytes.count {
      places[Self.number(bytes[frame..<frame + 4]), default: []].append(pages.count)
      pages.append(bytes[frame + 24..<frame + 24 + size])
      frame += 24 + size
    }
    (pageBytes, self.pages, self.places) = (size, pages, places)
  }

  /// Every version of a page.
  func versions(of page: UInt32) -> [ArraySlice<UInt8>] { (places[page] ?? []).map { pages[$0] } }

  /// A number of four bytes, the highest first.
  static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}

/// How SQLite stores the rows of the table `row_journal`: a header, nothing for the number, which is the key, and the image.
private struct JournalCell {
  /// What stands before an image: the header's length, the type of the number, the type of a blob of that length.
  private let prefix: [UInt8]
  private let imageBytes: Int
  /// Bytes of an image that stand in the page of the table itself.
  private let localBytes: Int
  private let pageBytes: Int
  /// Versions of pages that are tried for one image at most.
  private static let attempts = 256

  init(imageBytes: Int, pageBytes: Int) {
    let type = Self.varint(UInt64(2 * imageBytes + 12))
    prefix = [UInt8(2 + type.count), 0] + type
    (self.imageBytes, self.pageBytes) = (imageBytes, pageBytes)
    let (payload, usable) = (prefix.count + imageBytes, pageBytes)
    if payload <= usable - 35 || usable < 512 {
      localBytes = imageBytes
    } else {
      let least = (usable - 12) * 32 / 255 - 23
      let local = least + (payload - least) % (usable - 4)
      localBytes = (local <= usable - 35 ? local : least) - prefix.count
    }
  }

  private static func varint(_ number: UInt64) -> [UInt8] {
    var (rest, bytes) = (number >> 7, [UInt8(number & 0x7F)])
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
      rest >>= 7
    }
    return bytes
  }

  /// Where images may begin in a page.
  func starts(in page: ArraySlice<UInt8>) -> [Int] {
    guard page.count > prefix.count + localBytes else { return [] }
    return (page.startIndex...page.endIndex - prefix.count - localBytes).filter { at in
      page[at] == prefix[0] && page[at..<at + prefix.count].elementsEqual(prefix)
    }
    .map { $0 + prefix.count }
  }

  /// The images that begin at a place, one for every version of the pages in which they go on.
  func images(at start: Int, of page: ArraySlice<UInt8>, _ log: LogPages) -> [ArraySlice<UInt8>] {
    let local = page[start..<start + localBytes]
    guard localBytes < imageBytes else { return [local] }
    guard start + localBytes + 4 <= page.endIndex else { return [] }
    let next = LogPages.number(page[start + localBytes..<start + localBytes + 4])
    var unfinished: [(bytes: [UInt8], next: UInt32)] = [(Array(local), next)]
    while let first = unfinished.first, first.bytes.count < imageBytes {
      unfinished = unfinished.flatMap { image in
        log.versions(of: image.next).map { page in
          let content = page.dropFirst(4).prefix(imageBytes - image.bytes.count)
          return (image.bytes + content, LogPages.number(page.prefix(4)))
        }
      }
      unfinished = Array(unfinished.prefix(Self.attempts))
    }
    return unfinished.map { $0.bytes[...] }
  }
}
