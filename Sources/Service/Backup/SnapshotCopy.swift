import Catalogue
import Foundation
import VectorFiles
import VectorIndex

/// Copies the snapshot that is to be in force in a copy of a catalogue.
struct SnapshotCopy {
  private let source: SnapshotDirectory
  private let catalogue: CatalogueID
  private let sequence: Int64

  /// Looks for snapshots of a catalogue that are not newer than a state of it.
  init(_ store: CatalogueStore, upTo position: CataloguePosition) throws {
    source = SnapshotDirectory(store.layout)
    catalogue = try store.rowFileID(generation: position.generation)
    sequence = position.seq
  }

  /// Copies the one in force, or else the newest that can be used.
  ///
  /// Snapshots are derived, so that a copy without one is whole: those that are damaged, newer than the record, or removed meanwhile
  /// by whoever builds, are passed over.
  ///
  /// - Parameter draft: Where to.
  /// - Returns: Its number; nil where none was copied.
  /// - Throws: `FileError` or `IndexError` where the copy cannot be written.
  func run(to draft: CatalogueLayout) throws -> Int? {
    for number in candidates {
      guard let reader = try? SnapshotReader(path: source.file(number), catalogue: catalogue),
        reader.sequence <= sequence, (try? reader.verify()) != nil
      else { continue }
      let target = SnapshotDirectory(draft)
      let folder = "\(draft.index)/\(SnapshotDirectory.name(number))"
      if !FileManager.default.fileExists(atPath: draft.index) { try DurableDirectory.make(draft.index) }
      try DurableDirectory.make(folder)
      do {
        try FileCopy.copy(reader.path, to: target.file(number), byteCount: reader.byteCount)
      } catch {
        guard !FileManager.default.fileExists(atPath: reader.path) else { throw error }
        try? FileManager.default.removeItem(atPath: folder)
        continue
      }
      try DurableDirectory.sync(folder)
      try DurableDirectory.sync(draft.index)
      try DurableDirectory.replace("CURRENT", in: draft.directory, with: SnapshotDirectory.name(number) + "\n")
      return number
    }
    return nil
  }

  private var candidates: [Int] {
    let others = source.numbers.reversed()
    guard case .number(let current) = source.current else { return Array(others) }
    return [current] + others.filter { $0 != current }
  }
}
