import Catalogue
import Foundation
import VectorIndex
import WireProtocol

extension Edit {
  /// `index.compact`: rows of removed items go from the disk.
  ///
  /// 1. The rows of live items are copied to the folder of the next generation, and synced. Which they are, and in what order, the record says
  ///    within the transaction; every row is compared with the checksum that it was recorded with.
  /// 2. One transaction numbers the items anew and begins the generation.
  /// 3. The folder of the old generation and its snapshots go. Whoever has it mapped keeps reading it until the next look at the record.
  /// 4. The record's log is emptied, in which rows of small commits stand.
  ///
  /// Killed before the commit of 2 it leaves a folder that nobody names, which the next compaction clears away; after it, one that the next
  /// edit clears away. Snapshots of the old generation are refused by their id.
  ///
  /// - Parameter progress: Is told how many of how many rows are copied; what it throws ends the compaction, and nothing changes.
  /// - Returns: The edit.
  package static func compact(_ progress: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in })
    -> Edit
  {
    Edit(looksFirst: true, movesRows: true) { transaction in
      let (snapshot, writer) = (transaction.snapshot, transaction.writer)
      let (layout, snapshots) = (transaction.engine.store.layout, transaction.engine.snapshots)
      guard snapshot.liveCount < snapshot.count else {
        return { buffer in
          let isLogEmpty = writer.emptyLog(waitingFor: logPatience)
          buffer.compaction(rows: snapshot.count, removed: 0, bytes: 0, isLogEmpty: isLogEmpty)
        }
      }
      let now = layout.rows(generation: snapshot.generation)
      let next = layout.rows(generation: snapshot.generation + 1)
      let before = CatalogueInfo.bytes(under: now)
      let done: CatalogueTransaction.Compaction
      do {
        let copied = try CompactedRows(transaction, progress).write()
        done = try transaction.records.compact()
        guard copied == Int(done.kept), done.generation == snapshot.generation + 1 else {
          throw CatalogueError.damaged(
            file: layout.database, reason: "\(copied) rows were copied where the record keeps \(done.kept)")
        }
      } catch {
        try? FileManager.default.removeItem(atPath: next)
        throw error
      }
      let after = CatalogueInfo.bytes(under: next)
      return { buffer in
        // Committed: nobody looks for the old rows any more.
        try? FileManager.default.removeItem(atPath: now)
        snapshots.retireAll(lock: writer)
        let isLogEmpty = writer.emptyLog(waitingFor: logPatience)
        buffer.compaction(
          rows: Int(done.kept), removed: done.retired, bytes: Int(max(0, before - after)), isLogEmpty: isLogEmpty)
      }
    }
  }

  /// How long a compaction waits for readers of the record before it leaves the log to the next one.
  private static let logPatience = Duration.seconds(2)
}

extension ByteBuffer {
  fileprivate mutating func compaction(rows: Int, removed: Int, bytes: Int, isLogEmpty: Bool) {
    member("rows", rows)
    member("rows_removed", removed)
    member("bytes_reclaimed", bytes)
    name("log_emptied")
    bool(isLogEmpty)
  }
}
