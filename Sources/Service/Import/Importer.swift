import Catalogue
import Foundation
import VectorFiles
import VectorIndex

/// Brings the rows of a file into a catalogue.
///
/// One transaction a batch: rows are appended and synced, then the transaction that names them is committed. An import that was
/// interrupted is simply run again: rows that are there already, exactly so, are left alone.
///
/// A broken binary file, or files that do not belong together, are refused before anything is changed; single rows are refused one by one
/// and the others stay.
public struct Importer {
  private let request: ImportRequest
  private let refuse: (ImportRefusal) -> Void
  private let progress: (ImportReport) -> Void

  /// Prepares an import.
  ///
  /// - Parameters:
  ///   - request: What to import.
  ///   - refuse: Is told of every refused row, in the order of the file.
  ///   - progress: Is told after every batch.
  public init(
    _ request: ImportRequest, refuse: @escaping (ImportRefusal) -> Void, progress: @escaping (ImportReport) -> Void
  ) {
    self.request = request
    self.refuse = refuse
    self.progress = progress
  }

  /// Imports.
  ///
  /// - Returns: What was done.
  /// - Throws: ``ImportError``, `FileError`, `CatalogueError` or `IndexError`. Batches that were committed before stay, unless the import
  ///   is atomic.
  /// - Complexity: O(rows · *d*); memory for one batch.
  public func run() throws -> ImportReport {
    let existing = try existingModel()
    let source = try ImportSource(request, dimension: existing?.dimension)
    var report = ImportReport()
    report.total = source.count
    report.createdCatalogue = existing == nil
    try prepareCatalogue(existing, dimension: source.dimension)
    do {
      let target = try ImportTarget(request.catalogue, waitingFor: request.lockPatience)
      if request.isAtomic {
        try importAtomically(source, into: target, &report)
      } else {
        try importBatches(source, into: target, &report)
      }
    } catch {
      // What the import made and did not fill is taken away again, so that a refused file leaves nothing behind.
      if report.createdCatalogue, report.imported == 0, !Self.belongsToAnother(error) {
        try? FileManager.default.removeItem(atPath: request.catalogue)
      }
      throw error
    }
    return report
  }

  /// Whether another process took the catalogue over as soon as it was there.
  private static func belongsToAnother(_ error: any Error) -> Bool {
    guard case .locked? = error as? CatalogueError else { return false }
    return true
  }

  private func importBatches(_ source: ImportSource, into target: ImportTarget, _ report: inout ImportReport) throws {
    while let batch = try source.next(upTo: request.batchRows) {
      let items = accept(batch, target, &report)
      let commit = try target.commit { try target.append(items, in: $0) }
      try target.published()
      note(commit, items.records.count, &report)
      progress(report)
    }
  }

  private func importAtomically(_ source: ImportSource, into target: ImportTarget, _ report: inout ImportReport) throws
  {
    var total = 0
    let commit = try target.commit { transaction in
      while let batch = try source.next(upTo: request.batchRows) {
        let items = accept(batch, target, &report)
        guard report.refused == 0 else { continue }
        try target.append(items, in: transaction)
        total += items.records.count
        progress(report)
      }
      guard report.refused == 0 else { throw ImportError.refusedAtomically(rows: report.refused) }
    }
    note(commit, total, &report)
  }

  private func note(_ commit: Commit, _ appended: Int, _ report: inout ImportReport) {
    report.superseded += commit.superseded.count
    report.imported += appended - commit.superseded.count
    report.replaced += commit.replaced.count
    report.sequence = commit.seq
  }

  /// Rows of a batch that can be stored and are not there yet.
  private func accept(_ batch: ImportBatch, _ target: ImportTarget, _ report: inout ImportReport) -> AcceptedItems {
    var accepted = AcceptedItems(rows: EncodedRows(layout: target.layout, metric: target.metric))
    for row in 0..<batch.count {
      report.read += 1
      do {
        let item = try batch.item(row)
        try batch.withVector(row) { vector throws(RowRefusal) in try accepted.rows.append(vector) }
        let last = accepted.rows.count - 1
        let record = ItemRecord(item, checksum: accepted.rows.checksums[last])
        if let objection = record.objection {
          accepted.rows.removeLast()
          throw objection
        }
        if target.holds(record, row: last, of: accepted.rows) {
          accepted.rows.removeLast()
          report.unchanged += 1
        } else {
          target.accept(record)
          accepted.records.append(record)
        }
      } catch {
        report.refused += 1
        refuse(ImportRefusal(row: batch.firstRow + row, key: batch.key(row), reason: "\(error)"))
      }
    }
    return accepted
  }

  /// Makes the catalogue where there is none, or checks that the existing one is what the caller takes it for.
  private func prepareCatalogue(_ existing: ModelSpace?, dimension: Int) throws {
    guard let model = existing else {
      var model = ModelSpace(dimension: dimension)
      model.name = request.model
      model.metric = request.metric ?? .cosine
      model.storage = request.storage ?? .float16
      return try CatalogueStore.create(at: request.catalogue, model: model)
    }
    try agree("dimension", has: "\(model.dimension)", asked: "\(dimension)")
    try agree("metric", has: model.metric.rawValue, asked: request.metric?.rawValue)
    try agree("storage", has: model.storage.rawValue, asked: request.storage?.rawValue)
    try agree("model", has: model.name ?? "unnamed", asked: request.model)
  }

  /// The model space of the catalogue; nil where there is nothing yet.
  private func existingModel() throws -> ModelSpace? {
    guard FileManager.default.fileExists(atPath: request.catalogue) else { return nil }
    return try CatalogueStore.open(at: request.catalogue, access: .readOnly).identity.model
  }

  private func agree(_ property: String, has: String, asked: String?) throws(ImportError) {
    guard let asked, asked != has else { return }
    throw .disagrees(catalogue: request.catalogue, property: property, has: has, asked: asked)
  }
}

/// The rows of a batch that will be stored, and what is known of them.
struct AcceptedItems {
  var rows: EncodedRows
  var records: [ItemRecord] = []
  /// Where each stood in what was sent, where that is asked for.
  var places: [Int] = []
}
