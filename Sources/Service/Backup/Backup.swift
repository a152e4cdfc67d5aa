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
    // Rows that a compaction takes away meanwhile are missing; the copy is then made anew of what took their place.
    return try source.readingRows {
      try source.backUp(to: target) { draft, copied in
        try copyRows(of: copied, from: source, to: draft, progress)
        let snapshot = try SnapshotCopy(source, upTo: copied).run(to: draft)
        try verify(draft)
        return Report(
          sequence: copied.seq, rows: Int(copied.rowCount), byteCount: Self.byteCount(under: draft.directory),
          snapshot: snapshot)
      }
    }
  }

  private func copyRows(
    of copied: CataloguePosition, from source: CatalogueStore, to draft: CatalogueLayout,
    _ progress: (Int, Int) -> Void
  ) throws {
    let (layout, count) = (source.identity.model.rowLayout, Int(copied.rowCount))
    let lengths = (0..<layout.files(holding: count)).map { file in
      layout.fileBytes(holding: min(layout.rowsPerFile, count - file * layout.rowsPerFile))
    }
    let total = lengths.reduce(0, +)
    let (from, to) = (source.layout.rows(generation: copied.generation), draft.rows(generation: copied.generation))
    var done = 0
    for (file, length) in lengths.enumerated() {
      let name = RowLayout.fileName(file)
      try FileCopy.copy("\(from)/\(name)", to: "\(to)/\(name)", byteCount: length) { count in
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
