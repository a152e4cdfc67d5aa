import Catalogue
import Foundation
import VectorFiles
import VectorIndex

/// Copies a catalogue to another place as of one commit, while any process goes on writing to it.
///
/// 1. The record, by SQLite's online backup.
/// 2. The row files, up to the rows that the copied record names: what lies below them never changes.
/// 3. The newest sound snapshot of the index that is not newer than the record, and `CURRENT`.
/// 4. The copy is verified, and only then gets its name.
public struct Backup {
  /// What a backup did.
  public struct Report: Sendable {
    /// The revision of the copy.
    public let sequence: Int64
    /// Rows that were copied and compared with their checksums, removed ones among them.
    public let rows: Int
    /// Bytes of all files of the copy.
    public let byteCount: Int
    /// The number of the snapshot that was copied; nil for none.
    public let snapshot: Int?
  }

  private let catalogue: String
  private let target: String

  /// Prepares a backup.
  ///
  /// - Parameters:
  ///   - catalogue: The directory to copy.
  ///   - target: Where to; nothing may be there.
  public init(catalogue: String, target: String) {
    (self.catalogue, self.target) = (catalogue, target)
  }

  /// Copies.
  ///
  /// - Parameter progress: Is told how many of how many bytes of rows are copied.
  /// - Returns: What was done.
  /// - Throws: ``BackupError``, `CatalogueError`, `FileError` or `IndexError`; nothing is then left at the target.
  /// - Complexity: O(bytes), read twice.
  public func run(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws -> Report {
    let source = try CatalogueStore.open(at: catalogue, access: .readOnly, readerCount: 1)
    try RowJournalRecovery.run(source)
    return try source.backUp(to: target) { draft in
      let (rows, sequence) = try CatalogueStore.open(at: draft.directory, access: .readOnly, readerCount: 1).read {
        (try Int($0.rowCount()), try $0.seq())
      }
      try copyRows(rows, of: source, to: draft, progress)
      let snapshot = try SnapshotCopy(source, upTo: sequence).run(to: draft)
      try verify(draft)
      return Report(
        sequence: sequence, rows: rows, byteCount: Self.byteCount(under: draft.directory), snapshot: snapshot)
    }
  }

  private func copyRows(
    _ count: Int, of source: CatalogueStore, to draft: CatalogueLayout, _ progress: (Int, Int) -> Void
  ) throws {
    let layout = source.identity.model.rowLayout
    let lengths = (0..<layout.files(holding: count)).map { file in
      layout.fileBytes(holding: min(layout.rowsPerFile, count - file * layout.rowsPerFile))
    }
    let total = lengths.reduce(0, +)
    let place = CatalogueLayout(directory: source.layout.directory, generation: draft.generation)
    var done = 0
    for (file, length) in lengths.enumerated() {
      let name = RowLayout.fileName(file)
      try FileCopy.copy("\(place.rows)/\(name)", to: "\(draft.rows)/\(name)", byteCount: length) { count in
        done += count
        progress(done, total)
      }
    }
  }

  private func verify(_ draft: CatalogueLayout) throws {
    let report = try Verifier(path: draft.directory).run { _, _ in }
    guard report.findings.isEmpty else {
      // The draft goes; what is wrong with it is most likely wrong with what it was copied from.
      let findings = report.findings.map { finding in
        Finding(
          file: finding.file.replacing(draft.directory, with: catalogue),
          description: finding.description.replacing(draft.directory, with: catalogue))
      }
      throw BackupError.unsound(catalogue: catalogue, findings)
    }
  }

  private static func byteCount(under directory: String) -> Int {
    let files = FileManager.default.enumerator(atPath: directory)
    var bytes = 0
    while files?.nextObject() != nil {
      guard files?.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      bytes += (files?.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0
    }
    return bytes
  }
}

/// Why there is no backup.
public enum BackupError: Error, CustomStringConvertible, Sendable {
  /// The copy does not verify.
  case unsound(catalogue: String, [Finding])

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .unsound(let catalogue, let findings):
      let first = findings.first.map { "\($0.file): \($0.description)" } ?? ""
      let rest = findings.count > 1 ? ", and \(findings.count - 1) more places" : ""
      return "\(first)\(rest); the copy was not kept, since it would be as damaged: see kagami verify \(catalogue)"
    }
  }
}
