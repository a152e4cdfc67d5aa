import Catalogue
import Foundation
import VectorIndex
import WireProtocol

extension Edit {
  /// `index.compact`: rows of removed items go from the disk.
  ///
  /// 1. The rows of live items are copied to the folder of the next generation, and synced.
  /// 2. One transaction numbers the items anew and begins the generation.
  /// 3. The folder of the old generation goes. Whoever has it mapped keeps reading it until the next look at the record.
  ///
  /// Killed before the commit of 2 it leaves a folder that nobody names, which the next compaction clears away; after it, one that the next
  /// edit clears away. Snapshots of the old generation are refused by their id.
  ///
  /// - Parameter progress: Is told how many of how many rows are copied; what it throws ends the compaction, and nothing changes.
  /// - Returns: The edit.
  static func compact(_ progress: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in }) -> Edit
  {
    Edit(looksFirst: true, movesRows: true) { transaction in
      let snapshot = transaction.snapshot
      let directory = transaction.engine.store.layout.directory
      let now = CatalogueLayout(directory: directory, generation: snapshot.generation)
      let next = CatalogueLayout(directory: directory, generation: snapshot.generation + 1)
      guard snapshot.liveCount < snapshot.count else {
        return { buffer in
          buffer.member("rows", snapshot.count)
          buffer.member("rows_removed", 0)
          buffer.member("bytes_reclaimed", 0)
        }
      }
      let before = CatalogueInfo.bytes(under: now.rows)
      do {
        try copyLiveRows(of: snapshot, to: next, transaction.engine, progress)
      } catch {
        try? FileManager.default.removeItem(atPath: next.rows)
        throw error
      }
      let done = try transaction.records.compact()
      let after = CatalogueInfo.bytes(under: next.rows)
      return { buffer in
        // Committed: nobody looks for the old rows any more.
        try? FileManager.default.removeItem(atPath: now.rows)
        buffer.member("rows", Int(done.kept))
        buffer.member("rows_removed", done.retired)
        buffer.member("bytes_reclaimed", Int(max(0, before - after)))
      }
    }
  }

  /// Rows copied at a time.
  private static let block = 4096

  private static func copyLiveRows(
    of snapshot: IndexSnapshot, to place: CatalogueLayout, _ engine: Engine, _ progress: (Int, Int) throws -> Void
  ) throws {
    var done = 0
    try progress(done, snapshot.liveCount)
    try? FileManager.default.removeItem(atPath: place.rows)
    try FileManager.default.createDirectory(atPath: place.rows, withIntermediateDirectories: false)
    var appender = RowAppender(
      directory: place.rows, layout: engine.layout,
      catalogue: try engine.store.rowFileID(generation: place.generation), count: 0)
    var rows = EncodedRows(layout: engine.layout, metric: engine.metric)
    for ordinal in snapshot.live.ordinals where Int(ordinal) < snapshot.count {
      rows.append(Ordinal(ordinal), of: snapshot.rows)
      guard rows.count == block else { continue }
      _ = try appender.append(rows)
      rows.removeAll()
      done += block
      try progress(done, snapshot.liveCount)
    }
    _ = try appender.append(rows)
    try appender.sync()
    try DurableDirectory.sync(place.directory)
  }
}
