import Catalogue
import VectorIndex

/// The row files as edits append to them.
///
/// What has to be durable before an edit is answered is one file, the log of the record, wherever that can be: the rows of a small commit
/// go into the record's journal beside their items, and the row files, which get them too, are synced when the journal is full, with the
/// next large commit, or at the end. A large commit syncs its row files first and keeps no second copy.
///
/// Belongs to the editor's thread.
final class EditRows {
  private var appender: RowAppender
  /// What the transaction in the making has appended; nil once that is too much for the journal.
  private var images: [(ordinal: UInt32, image: [UInt8])]? = []

  /// Bytes of rows that one commit puts into the journal at most: writing them twice costs less than a sync.
  private static let commitBytes = 32 << 10
  /// Rows that the journal holds at most: they are compared with the row files whenever a catalogue is opened.
  private static let journalRows = 256

  /// The rows of a catalogue whose lock is held.
  ///
  /// - Parameters:
  ///   - store: The catalogue.
  ///   - position: What the record says under the lock.
  /// - Throws: `CatalogueError` where the catalogue's id is damaged.
  init(_ store: CatalogueStore, _ position: CataloguePosition) throws {
    appender = try store.appender(at: position)
  }

  /// Forgets what a transaction appended that was not committed.
  func begin() { images = [] }

  /// Writes rows at the place that the record expects; what an abandoned transaction wrote there goes.
  func append(_ rows: EncodedRows, at ordinal: UInt32) throws -> UInt32 {
    appender.rewind(to: Int(ordinal))
    let first = try appender.append(rows).rawValue
    let total = (images?.count ?? 0) + rows.count
    if total * rows.layout.stride > Self.commitBytes {
      images = nil
    } else {
      for row in 0..<rows.count { images?.append((first + UInt32(row), rows.image(of: row))) }
    }
    return first
  }

  /// Makes everything appended as durable as the transaction will be.
  func settle(with records: CatalogueTransaction) throws {
    if let images, !appender.hasNewFile, records.journaledRows + images.count <= Self.journalRows {
      for (ordinal, image) in images { try records.journal(image, of: ordinal) }
    } else {
      try appender.sync()
      // Another process may have brought rows of the journal, and ended before it synced their files.
      if let range = try records.journaledRange() { try sync(range) }
      try records.clearJournal()
    }
  }

  /// Makes the row files durable, so that the journal is of no more use.
  func close(_ writer: CatalogueWriter) throws {
    try appender.sync()
    try writer.clearJournal(afterSyncing: sync)
  }

  /// Makes the files of rows durable, whoever wrote them.
  private func sync(_ rows: ClosedRange<UInt32>) throws {
    try appender.sync(filesOf: rows.lazy.map { Ordinal($0) })
  }
}
