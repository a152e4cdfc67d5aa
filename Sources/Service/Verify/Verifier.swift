import Catalogue
import Foundation
import VectorIndex

/// Checks that a catalogue's files hold what they should.
///
/// The record is checked by SQLite and against its own rules, then every row against the checksum that was recorded when it came,
/// then every snapshot of the index against its checksums, and the one in force against the record.
public struct Verifier {
  /// What a check found.
  public struct Report: Sendable {
    /// What is wrong, in the order in which it was found; empty for a sound catalogue.
    public internal(set) var findings: [Finding] = []
    /// How many of the findings are about snapshots of the index alone, which can be made anew.
    public internal(set) var snapshotFindings = 0
    /// How many rows were read and compared.
    public internal(set) var rowsChecked = 0
    /// How many snapshots of the index match their checksums.
    public internal(set) var snapshotsChecked = 0
    /// The revision that was checked.
    public internal(set) var sequence: Int64 = 0
  }

  private let path: String

  /// A check of the catalogue in a directory.
  public init(path: String) {
    self.path = path
  }

  /// Checks.
  ///
  /// - Parameter progress: Is told how many of how many rows were read.
  /// - Returns: What was found; findings are no errors of this function.
  /// - Throws: `CatalogueError` where the catalogue cannot even be opened.
  /// - Complexity: O(bytes).
  public func run(progress: (_ done: Int, _ total: Int) -> Void) throws -> Report {
    let store = try CatalogueStore.open(at: path, access: .readOnly)
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
