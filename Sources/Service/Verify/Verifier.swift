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
    var report = try check(store, progress)
    // Files come and go while others write; what is wrong is so at a second look, too.
    for _ in 0..<3 where !report.isSound {
      Thread.sleep(forTimeInterval: Self.pause)
      guard try hasChanged(store, since: report) else { break }
      report = try check(store, progress)
    }
    return report
  }

  /// How long whoever has just committed may take to put the files in order that go with it, in seconds.
  private static let pause = 0.2

  /// Whether anybody committed or built since a report was begun.
  private func hasChanged(_ store: CatalogueStore, since report: Report) throws -> Bool {
    let current = SnapshotDirectory(store.layout).current
    return try store.seq() != report.sequence || current != report.listing.current
  }

  /// Looks at everything once.
  private func check(_ store: CatalogueStore, _ progress: (_ done: Int, _ total: Int) -> Void) throws -> Report {
    var report = Report(listing: SnapshotDirectory(store.layout).listing)
    try store.read { reader in
      let position = try reader.position()
      report.sequence = position.seq
      report.findings = try reader.verify()
      do {
        try checkRows(of: store, reader, position, &report, progress)
      } catch let error as IndexError {
        let folder = store.layout.rows(generation: position.generation)
        report.findings.append(Finding(file: folder, description: "\(error)"))
      }
      try SnapshotAudit(store, position).run(reader, &report)
      if isFull { try FullAudit(store, position, workers: WorkerPool(width: threads)).run(reader, &report) }
    }
    return report
  }

  private func checkRows(
    of store: CatalogueStore, _ reader: CatalogueReader, _ position: CataloguePosition, _ report: inout Report,
    _ progress: (Int, Int) -> Void
  ) throws {
    let total = Int(position.rowCount)
    let rows = try store.openRows(at: position)
    try reader.forEachChecksum { ordinal, checksum in
      guard Int(ordinal) < total else { return }
      let isSound = rows.checksum(of: Ordinal(ordinal)) == checksum
      if !isSound || !rows.hasSoundNorm(Ordinal(ordinal)) {
        let slot = Int(ordinal) & (rows.layout.rowsPerFile - 1)
        let file = RowLayout.fileName(Int(ordinal) >> rows.layout.rowsPerFileShift)
        report.findings.append(
          Finding(
            file: "\(store.layout.rows(generation: position.generation))/\(file)",
            description: "row \(slot) does not match its \(isSound ? "norm" : "checksum")"))
      }
      report.rowsChecked += 1
      if report.rowsChecked % 65_536 == 0 { progress(report.rowsChecked, total) }
    }
  }
}
