import Catalogue
import VectorIndex

/// Compares the snapshots of a catalogue with their checksums, and the one in force with the record.
struct SnapshotAudit {
  private let store: CatalogueStore
  private let directory: SnapshotDirectory
  private let catalogue: CatalogueID

  init(_ store: CatalogueStore) throws {
    self.store = store
    directory = SnapshotDirectory(store.layout)
    catalogue = try store.rowFileID()
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
    for number in directory.numbers {
      do {
        try SnapshotReader(path: directory.file(number), catalogue: catalogue).verify()
        report.snapshotsChecked += 1
      } catch {
        troubles.append(SnapshotTrouble(error))
      }
    }
    // Rows that cannot be read are reported by whoever compares them with their checksums.
    if let rows = try? rows(reader) { try compareWithRecord(rows, reader, &troubles) }
    for trouble in troubles { report.addSnapshot(trouble.finding) }
  }

  private func rows(_ reader: CatalogueReader) throws -> RowStore {
    try RowStore(
      directory: store.layout.rows, layout: store.identity.model.rowLayout, catalogue: catalogue,
      count: Int(reader.rowCount()))
  }

  private func compareWithRecord(
    _ rows: RowStore, _ reader: CatalogueReader, _ troubles: inout [SnapshotTrouble]
  ) throws {
    let metric = store.identity.model.indexMetric
    let search = try SnapshotSearch(directory, catalogue: catalogue, metric: metric, rows: rows, reader)
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
