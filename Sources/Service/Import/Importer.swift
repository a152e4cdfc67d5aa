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
  /// Is called when the import has made a catalogue and put nothing into it yet; for tests.
  package var didCreate: () -> Void = {}

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
    var attempts = 0
    while true {
      attempts += 1
      do {
        return try attempt()
      } catch let error as LostRace {
        // Somebody else made the catalogue first, or took it away: what is there now decides.
        guard attempts < Self.mostAttempts else { throw error.cause }
      }
    }
  }

  /// How often what is at the catalogue's place may change under an import before it gives up.
  private static let mostAttempts = 10

  /// Nothing was read or written yet, and another process changed what is at the catalogue's place.
  private struct LostRace: Error {
    let cause: CatalogueError
  }

  private func attempt() throws -> ImportReport {
    let existing = try racing { try existingModel() }
    let source = try ImportSource(request, dimension: existing?.dimension)
    var report = ImportReport()
    report.total = source.count
    report.createdCatalogue = existing == nil
    guard let existing else {
      let made = try racing { try makeCatalogue(dimension: source.dimension) }
      try fill(made, from: source, &report)
      return report
    }
    try check(existing, dimension: source.dimension)
    let target = try racing { try ImportTarget(request.catalogue, waitingFor: request.lockPatience) }
    try copy(source, into: target, &report)
    return report
  }

  /// Fills the catalogue that this import made, whose lock it has held since; what it made and did not fill it takes away again, so that a
  /// refused file leaves nothing behind.
  private func fill(_ made: NewCatalogue, from source: ImportSource, _ report: inout ImportReport) throws {
    do {
      didCreate()
      // The target goes before the catalogue does.
      try copy(source, into: ImportTarget(request.catalogue, made: made), &report)
    } catch {
      if report.sequence == 0 { try? made.discard() }
      throw error
    }
  }

  private func copy(_ source: ImportSource, into target: ImportTarget, _ report: inout ImportReport) throws {
    if request.isAtomic {
      try importAtomically(source, into: target, &report)
    } else {
      try importBatches(source, into: target, &report)
    }
  }

  /// Tells errors that only say that somebody else was faster from others.
  private func racing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as CatalogueError {
      switch error {
      case .exists where !CatalogueStore.isVacant(request.catalogue): throw LostRace(cause: error)
      case .missing where CatalogueStore.isVacant(request.catalogue): throw LostRace(cause: error)
      case .busy: throw LostRace(cause: error)
      default: throw error
      }
    }
  }

  private func importBatches(_ source: ImportSource, into target: ImportTarget, _ report: inout ImportReport) throws {
    while let batch = try source.next(upTo: request.batchRows) {
      let items = try accept(batch, target, &report)
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
        let items = try accept(batch, target, &report)
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
  ///
  /// - Throws: ``ImportError/numberTaken(file:row:key:)``.
  private func accept(
    _ batch: ImportBatch, _ target: ImportTarget, _ report: inout ImportReport
  ) throws -> AcceptedItems {
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
          if batch.isNumbered(row), !request.replacesNumbered, try target.hasItem(of: record.key) {
            throw ImportError.numberTaken(file: request.vectors, row: batch.firstRow + row, key: record.key)
          }
          target.accept(record)
          accepted.records.append(record)
        }
      } catch let error as ImportError {
        throw error
      } catch {
        report.refused += 1
        refuse(ImportRefusal(row: batch.firstRow + row, key: batch.key(row), reason: "\(error)"))
      }
    }
    return accepted
  }

  private func makeCatalogue(dimension: Int) throws -> NewCatalogue {
    var model = ModelSpace(dimension: dimension)
    model.name = request.model
    model.metric = request.metric ?? .cosine
    model.storage = request.storage ?? .float16
    return try CatalogueStore.create(at: request.catalogue, model: model, waitingFor: request.lockPatience)
  }

  /// Checks that the existing catalogue is what the caller takes it for.
  private func check(_ model: ModelSpace, dimension: Int) throws(ImportError) {
    try agree("dimension", has: "\(model.dimension)", asked: "\(dimension)")
    try agree("metric", has: model.metric.rawValue, asked: request.metric?.rawValue)
    try agree("storage", has: model.storage.rawValue, asked: request.storage?.rawValue)
    try agree("model", has: model.name ?? "unnamed", asked: request.model)
  }

  /// The model space of the catalogue; nil where there is nothing yet.
  private func existingModel() throws -> ModelSpace? {
    guard !CatalogueStore.isVacant(request.catalogue) else { return nil }
    return try CatalogueStore.open(at: request.catalogue, access: .readOnly, readerCount: 1).identity.model
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
