import Catalogue
import Foundation
import VectorIndex

/// The rows of the next generation, as a compaction writes them.
struct CompactedRows {
  private let transaction: EditTransaction
  private let progress: (_ done: Int, _ total: Int) throws -> Void

  /// Rows copied at a time.
  private static let block = 4096

  /// Prepares to copy the rows that the record of a transaction keeps.
  ///
  /// - Parameters:
  ///   - transaction: Has changed nothing yet.
  ///   - progress: Is told how many of how many rows are copied; what it throws ends the copy.
  init(_ transaction: EditTransaction, _ progress: @escaping (_ done: Int, _ total: Int) throws -> Void) {
    (self.transaction, self.progress) = (transaction, progress)
  }

  /// Copies the rows of live items in the order in which they will be numbered, and makes them durable.
  ///
  /// - Returns: How many.
  /// - Throws: `IndexError.damaged`, naming file, row and key, for a row that is not what was recorded; other errors of files and of the
  ///   record; or what `progress` throws.
  /// - Complexity: O(bytes).
  func write() throws -> Int {
    let (snapshot, store) = (transaction.snapshot, transaction.engine.store)
    let next = CataloguePosition(seq: 0, generation: snapshot.generation + 1, rowCount: 0)
    let folder = store.layout.rows(generation: next.generation)
    try progress(0, snapshot.liveCount)
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    var appender = try store.appender(at: next)
    var rows = EncodedRows(layout: transaction.engine.layout, metric: transaction.engine.metric)
    try transaction.records.forEachLiveRow { ordinal, key, checksum in
      try check(ordinal, key, checksum)
      rows.append(Ordinal(ordinal), of: snapshot.rows)
      guard rows.count == Self.block else { return }
      _ = try appender.append(rows)
      rows.removeAll()
      try progress(appender.count, snapshot.liveCount)
    }
    _ = try appender.append(rows)
    try appender.sync()
    try DurableDirectory.sync(store.layout.directory)
    return appender.count
  }

  /// What is copied becomes the only copy, so that it has to be what was recorded.
  private func check(_ ordinal: UInt32, _ key: String, _ checksum: UInt32) throws {
    let rows = transaction.snapshot.rows
    let folder = transaction.engine.store.layout.rows(generation: transaction.snapshot.generation)
    guard Int(ordinal) < rows.count else {
      throw IndexError.damaged(file: folder, reason: "there is no row \(ordinal), of item \(key)")
    }
    guard rows.checksum(of: Ordinal(ordinal)) == checksum else {
      let place = RowPlace(Ordinal(ordinal), in: rows.layout)
      throw IndexError.damaged(
        file: "\(folder)/\(place.fileName)",
        reason: "row \(place.slot), of item \(key), does not match its checksum; nothing was compacted. "
          + "Put the item again, or remove it")
    }
  }
}
