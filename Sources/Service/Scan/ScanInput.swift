import Foundation
import VectorFiles

/// The rows of several files, one after another.
struct ScanInput {
  private let files: [String]
  private let dimension: Int
  private var position = ScanPosition()
  private var reader: (any VectorReader)?
  /// All rows; nil where a file does not tell before its end.
  let total: Int?
  /// What tells the files from others.
  let identities: [ScanIdentity.Input]

  /// Looks at all files, so that one that is broken or of another dimension is found before the first search.
  ///
  /// - Throws: `FileError`.
  init(_ files: [String], dimension: Int) throws {
    let counts = try files.map { try VectorFile.open($0, dimension: dimension).count }
    (self.files, self.dimension) = (files, dimension)
    total = counts.contains(nil) ? nil : counts.reduce(0) { $0 + ($1 ?? 0) }
    identities = try files.map { file in
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      return ScanIdentity.Input(
        file: file, byteCount: (attributes[.size] as? NSNumber)?.intValue ?? 0,
        modified: (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)
    }
  }

  /// Passes over what is done already.
  ///
  /// - Throws: `FileError` where the file is shorter.
  mutating func move(to position: ScanPosition) throws {
    self.position = position
    reader = nil
    guard position.file < files.count else { return }
    let reader = try VectorFile.open(files[position.file], dimension: dimension)
    try reader.skip(rows: position.row)
    self.reader = reader
  }

  /// Fills a block with rows of one file.
  ///
  /// - Parameters:
  ///   - rows: How many at most.
  ///   - block: The block; also learns where the next one begins.
  /// - Returns: False when there are no more rows.
  /// - Throws: `FileError`, for instance where a file is cut off.
  mutating func read(upTo rows: Int, into block: ScanBlock) throws -> Bool {
    while position.file < files.count {
      let reader = try reader ?? VectorFile.open(files[position.file], dimension: dimension)
      self.reader = reader
      if try reader.read(upTo: rows, into: &block.vectors) > 0 {
        // Rows that were passed over have been counted by the reader.
        position.row = block.vectors.firstRow + block.vectors.rowCount
        (block.file, block.end) = (files[position.file], position)
        return true
      }
      position = ScanPosition(file: position.file + 1, row: 0)
      self.reader = nil
    }
    return false
  }
}
