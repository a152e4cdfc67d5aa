import Catalogue
import Foundation
import VectorIndex

/// Gives row files back what a system that stopped may have lost of them: the rows of small commits, which are durable in the record's journal.
///
/// A process that ends, however suddenly, loses nothing of what it wrote; so there is something to do only after a power cut or the like.
/// Whoever opens the catalogue first does it, readers too: answers would be wrong otherwise. It is recovery and no edit.
struct RowJournalRecovery {
  private let store: CatalogueStore
  private var layout: RowLayout { store.identity.model.rowLayout }

  /// How long somebody else may take who does the same.
  private static let patience = Duration.seconds(5)

  /// Recovers what has to be, and takes the catalogue's lock where that is so.
  ///
  /// - Parameter store: An open catalogue.
  /// - Throws: `CatalogueError` or `IndexError`, where rows are missing and cannot be written.
  /// - Complexity: O(*j* · *d*) for *j* rows in the journal, which are a few hundred at most.
  static func run(_ store: CatalogueStore) throws {
    guard try store.readWithRows({ try RowJournalRecovery(store: store).isNeeded($0, $1) }) else { return }
    let writing = try CatalogueStore.open(at: store.layout.directory, access: .readWrite, readerCount: 1)
    try run(writing, holding: try writing.makeWriter(waitingFor: patience))
  }

  /// Recovers what has to be, for whoever has the lock already.
  ///
  /// - Parameters:
  ///   - store: An open catalogue.
  ///   - writer: Its writer: nobody else edits or recovers meanwhile.
  /// - Throws: As ``run(_:)`` does.
  static func run(_ store: CatalogueStore, holding writer: CatalogueWriter) throws {
    try withExtendedLifetime(writer) {
      try store.read { reader in
        let recovery = RowJournalRecovery(store: store)
        let position = try reader.position()
        if try recovery.isNeeded(reader, position) { try recovery.restore(reader, position) }
      }
    }
  }

  /// Whether a row file lacks a row of the journal.
  private func isNeeded(_ reader: CatalogueReader, _ position: CataloguePosition) throws -> Bool {
    var files: [Int: FileHandle] = [:]
    defer { for file in files.values { try? file.close() } }
    let folder = store.layout.rows(generation: position.generation)
    var isNeeded = false
    try reader.forEachJournaledRow { ordinal, image in
      guard !isNeeded else { return }
      let place = RowPlace(Ordinal(ordinal), in: layout)
      let file = files[place.file] ?? FileHandle(forReadingAtPath: "\(folder)/\(place.fileName)")
      files[place.file] = file
      isNeeded = file.map { !holds(image, at: place.slot, $0) } ?? true
    }
    return isNeeded
  }

  private func restore(_ reader: CatalogueReader, _ position: CataloguePosition) throws {
    var appender = try store.appender(at: position)
    try reader.forEachJournaledRow { try appender.restore($1, at: Ordinal($0)) }
    try appender.sync()
  }

  /// Whether a row lies in its file as it should, with its norm.
  private func holds(_ image: [UInt8], at slot: Int, _ file: FileHandle) -> Bool {
    file.bytes(layout.stride, at: layout.rowsOffset + slot * layout.stride) == Array(image.prefix(layout.stride))
      && file.bytes(4, at: RowLayout.headerBytes + slot * 4) == Array(image.dropFirst(layout.stride))
  }
}
