import Catalogue
import VectorIndex

/// Compares the snapshots of a catalogue with their checksums, and the one in force with the record.
struct SnapshotAudit {
  private let store: CatalogueStore
  private let directory: SnapshotDirectory
  private let position: CataloguePosition
  private let catalogue: CatalogueID

  init(_ store: CatalogueStore, _ position: CataloguePosition) throws {
    (self.store, self.position) = (store, position)
    directory = SnapshotDirectory(store.layout)
    catalogue = try store.rowFileID(generation: position.generation)
  }

  /// Looks at everything.
  ///
  /// - Parameters:
  ///   - reader: The record.
  ///   - report: Gets what is wrong.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(bytes).
  func run(_ reader: CatalogueReader, _ report: inout Verifier.Report) throws {
    var troubles: [SnapshotTrouble] = []
    for number in report.listing.numbers where !report.listing.isRetired(number) {
      do {
        try SnapshotReader(path: directory.file(number), catalogue: catalogue).verify()
        report.snapshotsChecked += 1
      } catch {
        // A build of another process may have removed it meanwhile.
        if case .missing = error, directory.current != report.listing.current { continue }
        troubles.append(SnapshotTrouble(error))
      }
    }
    // Rows that cannot be read are reported by whoever compares them with their checksums.
    if let rows = try? store.openRows(at: position) {
      try compareWithRecord(rows, reader, report.listing, &troubles)
    }
    for trouble in troubles { report.addSnapshot(trouble.finding) }
  }

  private func compareWithRecord(
    _ rows: RowStore, _ reader: CatalogueReader, _ listing: SnapshotDirectory.Listing,
    _ troubles: inout [SnapshotTrouble]
  ) throws {
    let metric = store.identity.model.indexMetric
    let search = try SnapshotSearch(directory, listing, catalogue: catalogue, metric: metric, rows: rows, reader)
    troubles += search.troubles
    guard let found = search.found else { return }
    var state = found.state
    try reader.forEachTombstone(since: state.sequence) { state.remove(Ordinal($0)) }
    var wrong: UInt32?
    try reader.forEachItem(upTo: state.sequence) { item in
      guard wrong == nil, !state.agrees(with: item) else { return }
      wrong = item.ordinal
    }
    if let wrong {
      troubles.append(
        SnapshotTrouble(
          file: directory.file(found.number), reason: "says something else of row \(wrong) than the record"))
    }
  }
}

extension IndexSnapshot {
  /// Whether the columns say of a row what the record says.
  fileprivate func agrees(with item: ItemEntry) -> Bool {
    let ordinal = item.ordinal
    return Int(ordinal) < count && keys[ordinal] == item.key && members[ordinal] == item.member
      && (works.group(of: ordinal) ?? 0) == item.work && live[ordinal] != item.isRemoved
  }
}
