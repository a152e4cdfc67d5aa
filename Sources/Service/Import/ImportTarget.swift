import Catalogue
import Synchronization
import VectorIndex

/// The catalogue that an import writes to: its record, its row files, and what they hold already.
///
/// Belongs to one thread.
final class ImportTarget {
  let layout: RowLayout
  let metric: Metric
  let writer: CatalogueWriter
  private let store: CatalogueStore
  private var appender: RowAppender
  private var rows: RowStore
  /// A new catalogue holds nothing that a row could be equal to.
  private let mayHoldRows: Bool
  /// Keys whose rows come with the next commit, before which the catalogue does not tell what they will be.
  private var pending: Set<String> = []

  /// Opens a catalogue for writing.
  ///
  /// - Parameters:
  ///   - path: The catalogue's directory.
  ///   - made: The catalogue, where this process has just made it.
  ///   - time: How long to wait for another writer to end.
  /// - Throws: `CatalogueError` or `IndexError`.
  init(_ path: String, made: NewCatalogue? = nil, waitingFor time: Duration = .zero) throws {
    let store = try CatalogueStore.open(at: path, access: .readWrite)
    self.store = store
    writer = try made.map { try store.makeWriter(of: $0) } ?? store.makeWriter(waitingFor: time)
    try RowJournalRecovery.run(store, holding: writer)
    writer.expectMany()
    layout = store.identity.model.rowLayout
    metric = store.identity.model.indexMetric
    let position = writer.position
    mayHoldRows = position.rowCount > 0
    rows = try store.openRows(at: position)
    appender = try store.appender(at: position)
  }

  /// Does everything that `body` asks for as one commit; after a failed sync of rows nothing more is written.
  func commit(_ body: (CatalogueTransaction) throws -> Void) throws -> Commit {
    do {
      return try writer.transaction(body).commit
    } catch {
      writer.stop(ifSyncFailed: error)
      throw error
    }
  }

  /// Writes rows, makes them durable, and names them in a transaction, in that order.
  func append(_ items: AcceptedItems, in transaction: CatalogueTransaction) throws {
    guard !items.records.isEmpty else { return }
    let first = try appender.append(items.rows)
    try appender.sync()
    try transaction.append(items.records, startingAt: first.rawValue)
  }

  /// Notes that a row was accepted and comes with the next commit.
  func accept(_ record: ItemRecord) {
    if mayHoldRows { pending.insert(record.key) }
  }

  /// Makes rows of a committed transaction comparable with those to come.
  func published() throws {
    pending.removeAll(keepingCapacity: true)
    if mayHoldRows { try rows.grow(to: Int(writer.nextOrdinal)) }
  }

  /// Whether the catalogue has an item of that key.
  func hasItem(of key: String) throws -> Bool {
    guard mayHoldRows, !pending.contains(key) else { return false }
    return try store.read { try $0.item(forKey: key) } != nil
  }

  /// Whether the catalogue has this very item: the same key, the same row to the byte, and the same words about it.
  func holds(_ record: ItemRecord, row: Int, of encoded: EncodedRows) -> Bool {
    guard mayHoldRows, !pending.contains(record.key), let known = try? store.read({ try $0.item(forKey: record.key) })
    else { return false }
    guard known.record.isIdentical(to: record), Int(known.ordinal) < rows.count else { return false }
    return encoded.row(row, equals: Ordinal(known.ordinal), in: rows)
  }
}
