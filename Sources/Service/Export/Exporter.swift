import Catalogue
import Foundation
import VectorFiles
import VectorIndex
import WireProtocol

/// Writes the live items of a catalogue to a file of vectors and one of metadata, which an import reads.
///
/// All of it is of one revision, whatever is written meanwhile, and in the order of ordinals. Rows are copied from the mapped row files as
/// they are stored, and compared with their checksums on the way. Memory does not grow with the rows, but for a bit each.
public struct Exporter {
  private let request: ExportRequest
  private let progress: (_ done: Int, _ total: Int) -> Void

  /// Prepares an export.
  ///
  /// - Parameters:
  ///   - request: What to export.
  ///   - progress: Is told now and then how many of how many rows are written.
  public init(_ request: ExportRequest, progress: @escaping (_ done: Int, _ total: Int) -> Void) {
    self.request = request
    self.progress = progress
  }

  /// Exports.
  ///
  /// Both files are written under other names in the same directories, synced, and renamed when both are whole.
  ///
  /// - Returns: What was done.
  /// - Throws: ``ExportError``, ``CommandFailure`` for a filter that is none, `FileError`, `CatalogueError` or `IndexError`; neither file is
  ///   then there, or both hold what they held (unless it is the second of two renames over existing files that fails).
  /// - Complexity: O(bytes).
  public func run() throws -> ExportReport {
    let filter = try request.filter.map { text in try Filter.option(text) }
    guard request.vectors.lowercased().hasSuffix(".npy") else { throw ExportError.notNpy(request.vectors) }
    let (vectors, metadata) = (DraftFile(request.vectors), DraftFile(request.metadata))
    guard vectors.target != metadata.target else { throw ExportError.sameFile(request.metadata) }
    if !request.overwrites, let file = [vectors, metadata].first(where: \.exists) {
      throw ExportError.exists(file: file.path)
    }
    let store = try CatalogueStore.open(at: request.catalogue, access: .readOnly, readerCount: 1)
    try RowJournalRecovery.run(store)
    do {
      let report = try store.readWithRows { reader, position in
        try write(store, reader, position, filter, vectors: vectors.draft, metadata: metadata.draft)
      }
      try vectors.publish()
      do {
        try metadata.publish()
      } catch {
        // Half an export would look like a whole one.
        if !request.overwrites { vectors.remove() }
        throw error
      }
      return report
    } catch {
      vectors.removeDraft()
      metadata.removeDraft()
      throw error
    }
  }

  private func write(
    _ store: CatalogueStore, _ reader: CatalogueReader, _ position: CataloguePosition, _ filter: Filter?,
    vectors: String, metadata: String
  ) throws -> ExportReport {
    let model = store.identity.model
    let rows = try store.openRows(at: position)
    let chosen = try chosenRows(reader, filter)
    let total = chosen.population
    var array = try NpyRowWriter(
      vectors, rowCount: total, dimension: model.dimension, precision: model.storage == .float16 ? .float16 : .float32)
    var lines = try OutputFile(metadata)
    var line = ByteBuffer()
    var bytes = [UInt8](repeating: 0, count: rows.layout.rowBytes)
    var done = 0
    progress(0, total)
    try reader.forEachLiveItem { item in
      guard chosen[item.ordinal] else { return }
      rows.withBytes(of: Ordinal(item.ordinal)) { stored in
        for index in stored.indices { bytes[index] = stored[index] }
      }
      guard Checksum.of(bytes.span) == item.record.checksum else { throw damage(item, rows.layout, store, position) }
      try array.write(bytes)
      line.removeAll()
      try MetadataLine.write(item.record, to: &line)
      try lines.write(line.bytes)
      done += 1
      if done % 4096 == 0 { progress(done, total) }
    }
    try array.finish()
    try lines.finish(isDurable: true)
    return ExportReport(rows: done, sequence: position.seq, model: model)
  }

  private func chosenRows(_ reader: CatalogueReader, _ filter: Filter?) throws -> Bitmap {
    let rows = try FilterRows(reader)
    var chosen = try rows.live()
    if let filter { chosen.formIntersection(try rows.meeting(filter)) }
    return chosen
  }

  private func damage(
    _ item: ItemDetails, _ layout: VectorIndex.RowLayout, _ store: CatalogueStore, _ position: CataloguePosition
  ) -> IndexError {
    let place = RowPlace(Ordinal(item.ordinal), in: layout)
    return .damaged(
      file: "\(store.layout.rows(generation: position.generation))/\(place.fileName)",
      reason:
        "row \(place.slot), of item \(item.record.key), does not match its checksum (kagami verify lists all such)")
  }
}
