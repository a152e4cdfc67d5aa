import GRDB

/// One commit in the making, for the duration of ``CatalogueWriter/transaction(_:)``.
///
/// A call that throws spoils the whole transaction: it will not be committed, even if the error is caught.
public final class CatalogueTransaction {
  let db: Database
  let file: String
  var state: WriterState
  /// The revision that the commit will make.
  let seq: Int64
  var isOpen = true
  /// Tells the time to records of permissions: milliseconds since 1970, UTC.
  let now: () -> Int64

  var firstOrdinal: UInt32
  var replaced: [UInt32] = []
  var superseded: [UInt32] = []
  var removed: [UInt32] = []
  var entries: [ItemEntry] = []
  /// Whether something but items has changed.
  var hasOtherChanges = false
  /// Whether an operation is remembered from now on.
  var hasNewOperations = false
  private let names: (members: Int64, works: Int64)
  private var failure: (any Error)?
  private var last: (member: ExactText?, work: ExactText?, numbers: Numbers)?

  init(db: Database, file: String, state: WriterState, now: @escaping () -> Int64) {
    self.now = now
    self.db = db
    self.file = file
    self.state = state
    seq = state.seq + 1
    firstOrdinal = state.nextOrdinal
    names = (state.nextMember, state.nextWork)
  }

  /// The ordinal that the next item will have.
  public var nextOrdinal: UInt32 { state.nextOrdinal }

  /// Adds `items`, one row each, and takes the place of live items with the same keys.
  ///
  /// Members and works that do not exist are created; a new work takes title and kind of its first item.
  ///
  /// - Parameters:
  ///   - items: What to store. Of items with the same key the last one stays.
  ///   - ordinal: The ordinal of the first item's row: ``nextOrdinal``.
  /// - Throws: ``CatalogueError``, among them `invalid` for an item that cannot be stored.
  /// - Complexity: O(*m* log *n*) for *m* items among *n*.
  public func append(_ items: [ItemRecord], startingAt ordinal: UInt32) throws {
    precondition(ordinal == nextOrdinal, "rows and records disagree about the next ordinal")
    try spoilingOnError {
      // The last ordinal stays unused: it marks "none" elsewhere.
      guard items.count < Int(UInt32.max - ordinal) else {
        throw CatalogueError.invalid(subject: file, reason: "a catalogue has at most \(UInt32.max - 1) rows")
      }
      let insertion = try db.cachedStatement(sql: CatalogueTransaction.insertionSQL)
      for item in items { try append(item, with: insertion) }
    }
  }

  /// Removes the live items named by `keys`; keys without one are passed over.
  ///
  /// - Returns: The ordinals of those that there were.
  /// - Complexity: O(*m* log *n*) for *m* keys among *n*.
  @discardableResult
  public func remove(_ keys: [String]) throws -> [UInt32] {
    try spoilingOnError {
      var ordinals: [UInt32] = []
      for key in keys where !key.utf8.contains(0) {
        if let ordinal = try bury(key) { ordinals.append(ordinal) }
      }
      removed += ordinals
      return ordinals
    }
  }

  /// The revision that the commit will make, if it changes something.
  public var sequence: Int64 { seq }

  /// What was done to items so far.
  public var tally: Tally {
    Tally(appended: Int(state.nextOrdinal - firstOrdinal), replaced: replaced.count, superseded: superseded.count)
  }

  var hasChanges: Bool { state.nextOrdinal != firstOrdinal || !removed.isEmpty || hasOtherChanges || hasNewOperations }

  /// Forgets what was remembered about members and works, of which some have gone.
  func forgetNames() {
    state.forgetNames()
    last = nil
  }

  /// Writes the new revision, as the last change of the transaction.
  func finish() throws -> Commit {
    if let failure { throw failure }
    if hasChanges {
      try db.cachedStatement(sql: "UPDATE catalogue SET seq = ?").execute(arguments: [seq])
      guard db.changesCount == 1 else { throw CatalogueError.damaged(file: file, reason: "it has no revision") }
      state.seq = seq
    }
    return Commit(
      seq: state.seq, ordinals: firstOrdinal..<state.nextOrdinal, replaced: replaced, superseded: superseded,
      removed: removed, items: entries,
      changesItemsOnly: !hasOtherChanges && names == (state.nextMember, state.nextWork))
  }

  func spoilingOnError<Value>(_ body: () throws -> Value) throws -> Value {
    precondition(isOpen, "the transaction has ended")
    if let failure { throw failure }
    do {
      return try body()
    } catch {
      let translated = CatalogueError.translating(error, file: file)
      failure = translated
      throw translated
    }
  }
}

extension CatalogueTransaction {
  /// How many items a transaction has brought.
  public struct Tally: Hashable, Sendable {
    /// Rows that came.
    public var appended: Int
    /// Items of earlier commits whose place was taken.
    public var replaced: Int
    /// Items of this transaction whose place was taken at once.
    public var superseded: Int

    /// So many items.
    public init(appended: Int = 0, replaced: Int = 0, superseded: Int = 0) {
      (self.appended, self.replaced, self.superseded) = (appended, replaced, superseded)
    }
  }

  private static let insertionSQL = """
    INSERT INTO item (ordinal, key, member, work, kind, title, source, timecode, attributes, checksum, seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
    """

  /// Inserts first and looks for an item of the same key only where that did nothing: most keys are new.
  private func append(_ item: ItemRecord, with insertion: Statement) throws {
    if let objection = item.objection { throw objection }
    let numbers = try numbers(of: item)
    guard let member = UInt32(exactly: numbers.member ?? 0), let work = UInt32(exactly: numbers.work ?? 0) else {
      throw CatalogueError.damaged(file: file, reason: "the member or work of item \(item.key) has no 32-bit number")
    }
    if try !insert(item, numbers, with: insertion) {
      guard let ordinal = try bury(item.key) else {
        throw CatalogueError.damaged(file: file, reason: "ordinal \(state.nextOrdinal) is taken")
      }
      if ordinal < firstOrdinal { replaced.append(ordinal) } else { superseded.append(ordinal) }
      guard try insert(item, numbers, with: insertion) else {
        throw CatalogueError.damaged(file: file, reason: "two live items have the key \(item.key)")
      }
    }
    entries.append(
      ItemEntry(
        ordinal: state.nextOrdinal, key: item.key, member: member, work: work, isRemoved: false))
    state.nextOrdinal += 1
  }

  /// - Returns: Whether there was no live item of the same key.
  private func insert(_ item: ItemRecord, _ numbers: Numbers, with insertion: Statement) throws -> Bool {
    insertion.rewind()
    try insertion.bind(Int64(state.nextOrdinal), at: 1)
    try insertion.bind(item.key, at: 2)
    try insertion.bind(numbers.member, at: 3)
    try insertion.bind(numbers.work, at: 4)
    try insertion.bind(item.kind, at: 5)
    try insertion.bind(item.title, at: 6)
    try insertion.bind(item.source, at: 7)
    switch item.timecode {
    case .number(let number): try insertion.bind(number, at: 8)
    case .text(let text): try insertion.bind(text, at: 8)
    case nil: break
    }
    try insertion.bind(item.attributes, at: 9)
    try insertion.bind(Int64(item.checksum), at: 10)
    try insertion.bind(seq, at: 11)
    do {
      try insertion.execute()
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_CHECK {
      throw CatalogueError.invalid(subject: "item \(item.key)", reason: "attributes are not a JSON object")
    }
    return db.changesCount == 1
  }

  /// Puts a tombstone on the live item named `key`.
  ///
  /// - Returns: Its ordinal, or nil if there is none.
  private func bury(_ key: String) throws -> UInt32? {
    let search = try db.cachedStatement(sql: "SELECT ordinal FROM item WHERE key = ? AND removed_seq IS NULL")
    guard let row = try Row.fetchOne(search, arguments: [key]) else { return nil }
    let ordinal = try row.unsigned(0, file: file)
    let burial = try db.cachedStatement(sql: "UPDATE item SET removed_seq = ? WHERE ordinal = ?")
    try burial.execute(arguments: [seq, Int64(ordinal)])
    return ordinal
  }

  /// The numbers of an item's member and work; most items have those of the item before.
  private func numbers(of item: ItemRecord) throws -> Numbers {
    let (member, work) = (item.member.map(ExactText.init), item.work.map(ExactText.init))
    if let last, last.member == member, last.work == work { return last.numbers }
    let numbers = try resolve(member: member, work: work, from: item)
    last = (member, work, numbers)
    return numbers
  }
}
