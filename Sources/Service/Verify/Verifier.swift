import Catalogue
import Foundation
import VectorIndex

/// Checks that a catalogue's files hold what they should.
///
/// The record is checked by SQLite and against its own rules, then every row against the checksum that was recorded when it came,
/// then every snapshot of the index against its checksums, and the one in force against the record. A full check also looks at the graph, and
/// at what searching by it finds.
public struct Verifier {
  private let path: String
  private let isFull: Bool
  private let threads: Int

  /// A check of the catalogue in a directory.
  ///
  /// - Parameters:
  ///   - path: The directory.
  ///   - isFull: Whether to look at names and graph too, and to search by it.
  ///   - threads: How many threads search.
  public init(path: String, isFull: Bool = false, threads: Int = 1) {
    (self.path, self.isFull, self.threads) = (path, isFull, threads)
  }

  /// Checks.
  ///
  /// - Parameter progress: Is told how many of how many rows were read.
  /// - Returns: What was found; findings are no errors of this function.
  /// - Throws: `CatalogueError` where the catalogue cannot even be opened.
  /// - Complexity: O(bytes).
  public func run(progress: (_ done: Int, _ total: Int) -> Void) throws -> Report {
    let store = try CatalogueStore.open(at: path, access: .readOnly)
    // Where rows are missing and cannot be written, they are found to be missing below.
    try? RowJournalRecovery.run(store)
    var report = Report()
    try store.read { reader in
      report.sequence = try reader.seq()
      report.findings = try reader.verify()
      do {
        try checkRows(of: store, reader, &report, progress)
      } catch let error as IndexError {
        report.findings.append(Finding(file: store.layout.rows, description: "\(error)"))
      }
      try SnapshotAudit(store).run(reader, &report)
      if isFull { try FullAudit(store, workers: WorkerPool(width: threads)).run(reader, &report) }
    }
    return report
  }

  private func checkRows(
    of store: CatalogueStore, _ reader: CatalogueReader, _ report: inout Report, _ progress: (Int, Int) -> Void
  ) throws {
    let total = try Int(reader.rowCount())
    let model = store.identity.model
    let rows = try RowStore(
      directory: store.layout.rows, layout: model.rowLayout, catalogue: store.rowFileID(), count: total)
    try reader.forEachChecksum { ordinal, checksum in
      guard Int(ordinal) < total else { return }
      let isSound = rows.checksum(of: Ordinal(ordinal)) == checksum
      if !isSound || !rows.hasSoundNorm(Ordinal(ordinal)) {
        let slot = Int(ordinal) & (rows.layout.rowsPerFile - 1)
        let file = RowLayout.fileName(Int(ordinal) >> rows.layout.rowsPerFileShift)
        report.findings.append(
          Finding(
            file: "\(store.layout.rows)/\(file)",
            description: "row \(slot) does not match its \(isSound ? "norm" : "checksum")"))
      }
      report.rowsChecked += 1
      if report.rowsChecked % 65_536 == 0 { progress(report.rowsChecked, total) }
    }
  }
}
