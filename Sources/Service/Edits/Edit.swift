import Catalogue
import VectorIndex
import WireProtocol

/// One change of the catalogue that waits for its turn.
package struct Edit: Sendable {
  /// Writes the members of an edit's answer; the revision is added to them.
  package typealias Answer = @Sendable (inout ByteBuffer) -> Void

  /// A name that a caller gave to an edit, so that it is done once however often it is sent.
  struct Operation: Sendable {
    /// The name.
    var id: String
    /// What was asked, as ``RequestContent`` writes it: the name cannot be given to anything else.
    var request: String
  }

  /// The caller's name for it, if it has one.
  var operation: Operation?
  /// Whether it looks at the published state, which must hold everything before it.
  var looksFirst = false
  /// Whether rows have other places once it is done.
  var movesRows = false
  /// Does it; a wire error refuses this edit alone, before anything was changed for it.
  var apply: @Sendable (EditTransaction) throws -> Answer
}

/// The transaction of a group of edits: records by SQLite, rows by the appender.
package struct EditTransaction {
  /// The records.
  let records: CatalogueTransaction
  /// The state before the transaction: of the very revision that the record has under the lock.
  let snapshot: IndexSnapshot
  /// The engine, for filters.
  let engine: Engine
  /// Who holds the lock; not to be called before the transaction is committed.
  let writer: CatalogueWriter
  private let rows: EditRows

  init(
    _ records: CatalogueTransaction, _ rows: EditRows, _ engine: Engine, showing snapshot: IndexSnapshot,
    by writer: CatalogueWriter
  ) {
    (self.records, self.rows, self.engine) = (records, rows, engine)
    (self.snapshot, self.writer) = (snapshot, writer)
  }

  /// Stores items with their rows, in place of those with the same keys.
  ///
  /// - Returns: What that did.
  func append(_ items: AcceptedItems) throws -> CatalogueTransaction.Tally {
    let before = records.tally
    if !items.records.isEmpty {
      let first = try rows.append(items.rows, at: records.nextOrdinal)
      try records.append(items.records, startingAt: first)
    }
    let after = records.tally
    return CatalogueTransaction.Tally(
      appended: after.appended - before.appended, replaced: after.replaced - before.replaced,
      superseded: after.superseded - before.superseded)
  }
}
