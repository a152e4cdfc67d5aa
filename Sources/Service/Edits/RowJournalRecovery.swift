import Catalogue
import Foundation
import VectorIndex

/// Gives row files back what a system that stopped may have lost of them: the rows of small commits, which are durable in the record's journal.
///
/// A process that ends, however suddenly, loses nothing of what it wrote; so there is something to do only after a power cut or the like.
/// Whoever opens the catalogue first does it, readers too: answers would be wrong otherwise. It is recovery and no edit.
struct RowJournalRecovery {
  private let store: CatalogueStore
  private let layout: RowLayout

  /// How long somebody else may take who does the same.
  private static let patience = Duration.seconds(5)

  /// Recovers what has to be.
  ///
  /// - Parameter store: An open catalogue.
  /// - Throws: `CatalogueError` or `IndexError`, where rows are missing and cannot be written.
  /// - Complexity: O(*j* · *d*) for *j* rows in the journal, which are a few hundred at most.
  static func run(_ store: CatalogueStore) throws {
    let recovery = RowJournalRecovery(store: store, layout: store.identity.model.rowLayout)
    guard try recovery.isNeeded() else { return }
    let writing = try CatalogueStore.open(at: store.layout.directory, access: .readWrite, readerCount: 1)
    let writer = try writing.makeWriter(waitingFor: patience)
    try withExtendedLifetime(writer) { try recovery.restore() }
  }

  /// Whether a row file lacks a row of the journal.
  private func isNeeded() throws -> Bool {
    var files: [Int: FileHandle] = [:]
    defer { for file in files.values { try? file.close() } }
    return try store.read { reader in
      var isNeeded = false
      try reader.forEachJournaledRow { ordinal, image in
        guard !isNeeded else { return }
        let place = RowPlace(Ordinal(ordinal), in: layout)
        let file = files[place.file] ?? FileHandle(forReadingAtPath: "\(store.layout.rows)/\(place.fileName)")
        files[place.file] = file
        isNeeded = file.map { !holds(image, at: place.slot, $0) } ?? true
      }
      return isNeeded
    }
  }

  private func restore() throws {
    try store.read { reader in
      var appender = RowAppender(
        directory: store.layout.rows, layout: layout, catalogue: try store.rowFileID(),
        count: try Int(reader.rowCount()))
      try reader.forEachJournaledRow { try appender.restore($1, at: Ordinal($0)) }
      try appender.sync()
    }
  }

  /// Whether a row lies in its file as it should, with its norm.
  private func holds(_ image: [UInt8], at slot: Int, _ file: FileHandle) -> Bool {
    file.bytes(layout.stride, at: layout.rowsOffset + slot * layout.stride) == Array(image.prefix(layout.stride))
      && file.bytes(4, at: RowLayout.headerBytes + slot * 4) == Array(image.dropFirst(layout.stride))
  }
}
