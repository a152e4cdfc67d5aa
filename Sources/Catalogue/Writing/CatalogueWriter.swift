import GRDB

/// The one writer of a catalogue; holds its lock as long as it lives.
///
/// - Concurrency: Any thread may call it; transactions run one after the other.
public final class CatalogueWriter: @unchecked Sendable {
  // Why this is safe to share, although the compiler cannot see it:
  // 1. `database` runs one closure at a time, whichever thread it came from.
  // 2. `state` is touched in such closures only.
  // 3. Everything else is a constant of a Sendable type.
  private let database: DatabaseQueue
  let file: String
  private let lock: WriterLock
  private let now: @Sendable () -> Int64
  private var state: WriterState

  init(layout: CatalogueLayout, lock: WriterLock, now: @escaping @Sendable () -> Int64) throws {
    self.lock = lock
    self.now = now
    file = layout.database
    database = try Connections.openWriter(layout)
    state = try database.inDatabase { [file] db in
      try Schema.check(db, file: file)
      try Schema.migrate(db)
      return try WriterState(CatalogueReader(db: db, file: file))
    }
  }

  /// Brings what was committed from the log into the database file, so that nothing rests in the log alone.
  ///
  /// Nothing is lost where another process reads just then and it cannot be done: the log stays until somebody can. After an error nothing
  /// is written any more.
  deinit {
    _ = emptyLog(waitingFor: .milliseconds(250))
  }

  /// Refuses everything from now on, and leaves the log as it is: what a disk holds is not known after a failed sync of
  /// rows either.
  ///
  /// - Parameter error: What everything is refused with.
  public func stop(after error: CatalogueError) {
    database.inDatabase { _ in state.failure = state.failure ?? error }
  }

  /// Brings the whole log into the database file and empties it, so that nothing of what was taken down stays in it.
  ///
  /// - Parameter patience: How long to wait for those who read just then.
  /// - Returns: False where somebody went on reading, or where it could not be done; the log then stays as it is.
  public func emptyLog(waitingFor patience: Duration) -> Bool {
    database.inDatabase { db in
      guard state.failure == nil else { return false }
      let milliseconds = Int(patience / .milliseconds(1))
      defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Connections.writerPatience)") }
      do {
        try db.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
        try db.checkpoint(.truncate)
        return true
      } catch {
        return false
      }
    }
  }

  /// Lets the log become longer before it begins anew, for whoever writes millions of records: pages of indexes are then brought into the database
  /// file less often.
  public func expectMany() {
    try? database.inDatabase { db in try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000") }
  }

  /// The id of the catalogue that it writes to.
  func catalogueID() throws -> String {
    try guarded { db in try Schema.identity(db, file: file).id }
  }

  /// The ordinal that the next item will have.
  public var nextOrdinal: UInt32 { position.rowCount }

  /// The state that the next transaction begins with: nobody else can commit while this writer has the lock.
  ///
  /// - Complexity: O(1), without asking SQLite.
  public var position: CataloguePosition {
    database.inDatabase { _ in
      CataloguePosition(seq: state.seq, generation: state.generation, rowCount: state.nextOrdinal)
    }
  }

  /// Does everything that `body` asks for as one commit, durable on return.
  ///
  /// Rows must have been synced before `body` returns. If it throws, or if one of its calls threw, nothing is kept and
  /// the ordinals are free again. A transaction that changed nothing is no commit.
  ///
  /// - Parameter body: Must not let the transaction escape, and must not call this writer.
  /// - Returns: What `body` returned, and what was committed.
  /// - Throws: ``CatalogueError``, or what `body` throws. After `io` the writer refuses everything, with the same error,
  ///   since what the disk holds is not known: start again.
  public func transaction<Value>(
    _ body: (CatalogueTransaction) throws -> Value
  ) throws -> (value: Value, commit: Commit) {
    try guarded { db in try run(body, in: db) }
  }

  /// Changes what is no commit: nothing that a reader could ask of the catalogue.
  func inTransaction(_ body: (Database, inout WriterState) throws -> Void) throws {
    try guarded { db in
      var changed = state
      try db.inTransaction(.immediate) {
        try body(db, &changed)
        return .commit
      }
      state = changed
    }
  }

  /// Refuses everything after an error that leaves open what the disk holds.
  private func guarded<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try database.inDatabase { db in
      if let failure = state.failure { throw failure }
      do {
        return try body(db)
      } catch {
        let translated = CatalogueError.translating(error, file: file)
        if case .io? = translated as? CatalogueError { state.failure = translated as? CatalogueError }
        throw translated
      }
    }
  }

  private func run<Value>(
    _ body: (CatalogueTransaction) throws -> Value, in db: Database
  ) throws -> (value: Value, commit: Commit) {
    let transaction = CatalogueTransaction(db: db, file: file, state: state, now: now)
    var result: (value: Value, commit: Commit)?
    try db.inTransaction(.immediate) {
      defer { transaction.isOpen = false }
      let value = try body(transaction)
      result = (value, try transaction.finish())
      return transaction.hasChanges ? .commit : .rollback
    }
    guard let result else { throw CatalogueError.io(file: file, reason: "SQLite did not run the transaction") }
    if transaction.hasChanges { state = transaction.state }
    return result
  }

  /// Commits `items` as one transaction.
  ///
  /// - Parameters:
  ///   - items: What to store. Of items with the same key the last one stays.
  ///   - ordinal: The ordinal of the first item's row: ``nextOrdinal``.
  /// - Returns: What was committed.
  /// - Throws: ``CatalogueError``, as ``transaction(_:)`` does.
  /// - Complexity: O(*m* log *n*) for *m* items among *n*.
  public func commit(_ items: [ItemRecord], startingAt ordinal: UInt32) throws -> Commit {
    try transaction { try $0.append(items, startingAt: ordinal) }.commit
  }

  /// Removes the items named by `keys` as one transaction; keys without an item are passed over.
  ///
  /// - Returns: What was committed.
  /// - Throws: ``CatalogueError``, as ``transaction(_:)`` does.
  public func remove(_ keys: [String]) throws -> Commit {
    try transaction { try $0.remove(keys) }.commit
  }
}
