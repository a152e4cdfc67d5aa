import Catalogue
import Foundation
import Synchronization
import VectorIndex
import WireProtocol

/// The one place where a serving process changes its catalogue.
///
/// Edits that wait are joined into one transaction, so that many share what a commit costs. The order of events: rows appended, rows made
/// durable with the transaction or before it, transaction committed, view refreshed, edits answered; so what is answered is durable and can be
/// searched. If a transaction
/// fails, its edits are tried again one by one, and only the one that is to blame is refused.
///
/// The catalogue's lock is taken at the first edit and kept.
///
/// An edit that comes alone may be done by the thread that brings it, where commits have been quick: then two threads need not be woken for it.
///
/// - Concurrency: Any thread may submit; one thread at a time edits, nearly always the editing thread.
package final class Editor: @unchecked Sendable {
  /// What an edit came to.
  package enum Outcome: Sendable {
    /// It is durable; its answer as JSON.
    case done(String)
    /// It is refused and has changed nothing.
    case refused(any Error)
  }

  private struct Waiting {
    var number: Int
    var edit: Edit
    var deadline: ContinuousClock.Instant?
    var finish: @Sendable (Outcome) -> Void
  }

  private let engine: Engine
  private let isReadOnly: Bool
  private let lockWait: Duration
  private let onCommit: @Sendable (Int) -> Void
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var waiting: [Waiting] = []
  private var submitted = 0
  private var isBusy = false
  private var isClosed = false
  private var hasThread = false
  private var isBuilding = false
  private var pace: CommitPace
  /// Threads that wait for everything to be done.
  private var watchers = 0
  private let opening = NSLock()
  // Guarded by `opening`; the rows then belong to whoever edits.
  private var writer: CatalogueWriter?
  private var rows: EditRows?

  /// What every edit is told where none is taken.
  private static let refusal = WireError(
    .readOnly, "the engine was started to read only; start it without --read-only")
  /// Edits that share a commit at most.
  private static let groupSize = 256

  /// An editor that has not edited yet.
  ///
  /// - Parameters:
  ///   - engine: Whose catalogue is edited, and who shows what was done.
  ///   - isReadOnly: Whether every edit is refused.
  ///   - lockWait: How long to wait for another writer at the first edit.
  ///   - pace: Which commits are quick.
  ///   - onCommit: Hears how many edits shared each commit.
  package init(
    _ engine: Engine, isReadOnly: Bool, lockWait: Duration = .zero, pace: CommitPace = CommitPace(),
    onCommit: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.pace = pace
    (self.engine, self.isReadOnly, self.lockWait, self.onCommit) = (engine, isReadOnly, lockWait, onCommit)
  }

  /// Puts an edit into the queue.
  ///
  /// - Parameters:
  ///   - edit: What to do.
  ///   - deadline: By when it must have begun; afterwards it is refused.
  ///   - finish: Hears what came of it, on the editing thread; where edits are refused altogether, at once.
  /// - Returns: The edit's number, for ``withdraw(_:)``.
  @discardableResult
  package func submit(
    _ edit: Edit, deadline: ContinuousClock.Instant? = nil, finish: @escaping @Sendable (Outcome) -> Void
  ) -> Int {
    guard !isReadOnly else {
      finish(.refused(Self.refusal))
      return -1
    }
    condition.lock()
    submitted += 1
    let number = submitted
    waiting.append(Waiting(number: number, edit: edit, deadline: deadline, finish: finish))
    let isFirst = !hasThread
    hasThread = true
    // A signal alone might reach one who waits for the end.
    if watchers > 0 { condition.broadcast() } else { condition.signal() }
    condition.unlock()
    if isFirst { start() }
    return number
  }

  /// Does an edit on the calling thread, where nothing else waits or runs and commits have been quick.
  ///
  /// - Parameters:
  ///   - edit: What to do; small, and not one that moves rows.
  ///   - deadline: By when it must have begun.
  ///   - finish: Hears what came of it, before this returns.
  /// - Returns: Whether it was done; if not, it is to be submitted.
  package func performNow(
    _ edit: Edit, deadline: ContinuousClock.Instant? = nil, finish: @escaping @Sendable (Outcome) -> Void
  ) -> Bool {
    condition.lock()
    guard waiting.isEmpty, !isBusy, !isClosed, !isReadOnly, pace.isQuick else {
      condition.unlock()
      return false
    }
    submitted += 1
    isBusy = true
    let group = [Waiting(number: submitted, edit: edit, deadline: deadline, finish: finish)]
    condition.unlock()
    work(on: group)
    return true
  }

  /// Takes an edit back that has not begun; nobody hears of it any more.
  ///
  /// - Returns: False where it has begun.
  package func withdraw(_ number: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard let place = waiting.firstIndex(where: { $0.number == number }) else { return false }
    waiting.remove(at: place)
    condition.broadcast()
    return true
  }

  /// Does one edit and waits for it.
  ///
  /// - Returns: Its answer as JSON.
  /// - Throws: Why it was refused.
  package func perform(_ edit: Edit) throws -> String {
    let box = Mutex<Outcome?>(nil)
    let done = DispatchSemaphore(value: 0)
    submit(edit) { outcome in
      box.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    switch box.withLock({ $0 }) {
    case .done(let answer): return answer
    case .refused(let error): throw error
    case nil: throw WireError(.internalError, "the edit was not answered")
    }
  }

  /// Edits that wait.
  var waitingCount: Int { condition.withLock { waiting.count } }

  /// Whether this process has edited, and so holds the catalogue's lock.
  var holdsLock: Bool { opening.withLock { writer != nil } }

  /// Waits until everything submitted is answered.
  package func drain() {
    condition.lock()
    watchers += 1
    while isBusy || !waiting.isEmpty { condition.wait() }
    watchers -= 1
    condition.unlock()
  }

  /// Waits until everything submitted is answered, and gives the lock back.
  package func close() {
    condition.lock()
    watchers += 1
    while isBusy || !waiting.isEmpty { condition.wait() }
    isClosed = true
    condition.broadcast()
    while hasThread || isBusy { condition.wait() }
    watchers -= 1
    condition.unlock()
    release()
  }

  /// Lends the catalogue's writer to whoever needs its lock for long beside the edits, one at a time.
  ///
  /// The lock is taken as for an edit, and kept.
  ///
  /// - Parameter body: Gets the writer; edits go on meanwhile.
  /// - Returns: What `body` returns.
  /// - Throws: `conflict` while it is lent already, why the lock cannot be had, or what `body` throws.
  package func lendWriter<Value>(_ body: (CatalogueWriter) throws -> Value) throws -> Value {
    guard !isReadOnly else { throw Self.refusal }
    let isFree = condition.withLock {
      defer { isBuilding = true }
      return !isBuilding
    }
    guard isFree else {
      throw WireError(.conflict, "the index is being built or compacted already; wait for that to end, and ask again")
    }
    defer { condition.withLock { isBuilding = false } }
    return try body(try ready().0)
  }

  // MARK: The editing thread

  private func start() {
    let thread = Thread { [self] in
      while let group = take() { work(on: group) }
      release()
      condition.lock()
      hasThread = false
      condition.broadcast()
      condition.unlock()
    }
    thread.name = "editor"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// The edits of the next commit; waits for one, nil once closed.
  private func take() -> [Waiting]? {
    condition.lock()
    defer { condition.unlock() }
    while isBusy || (waiting.isEmpty && !isClosed) { condition.wait() }
    guard let first = waiting.first else { return nil }
    isBusy = true
    var count = 1
    // What looks at the published state must come first: those before it are published only with their commit.
    while !first.edit.looksFirst, count < min(waiting.count, Self.groupSize), !waiting[count].edit.looksFirst {
      count += 1
    }
    let group = Array(waiting.prefix(count))
    waiting.removeFirst(count)
    return group
  }

  /// Does the edits of one commit, as the only one that edits.
  private func work(on group: [Waiting]) {
    let start = ContinuousClock.now
    edit(group)
    let time = ContinuousClock.now - start
    condition.lock()
    isBusy = false
    pace.note(time)
    // Nobody needs to be woken for a single edit that was done where it came from.
    if !waiting.isEmpty || watchers > 0 || isClosed { condition.broadcast() }
    condition.unlock()
  }

  private func edit(_ group: [Waiting]) {
    let isLate = group.map { waiting in waiting.deadline.map { ContinuousClock.now >= $0 } ?? false }
    guard !isLate.contains(true) else {
      for (waiting, isLate) in zip(group, isLate) where isLate { waiting.finish(.refused(WireError.lateStart)) }
      let rest = zip(group, isLate).filter { !$1 }.map(\.0)
      return rest.isEmpty ? () : edit(rest)
    }
    do {
      let answers = try commit(group.map(\.edit))
      for (waiting, answer) in zip(group, answers) { waiting.finish(answer) }
    } catch {
      stopAfterFailedSync(error)
      guard group.count > 1 else { return group[0].finish(.refused(error)) }
      // One of them spoilt the transaction.
      for waiting in group { edit([waiting]) }
    }
  }

  /// Sees to it that nothing more is written once a sync of rows has failed: the system may have dropped what it could not write.
  private func stopAfterFailedSync(_ error: any Error) {
    opening.withLock { writer }?.stop(ifSyncFailed: error)
  }

  /// Does edits as one transaction.
  ///
  /// - Returns: What came of each.
  private func commit(_ edits: [Edit]) throws -> [Outcome] {
    let (writer, rows) = try ready()
    // The lock is held: nobody else commits between this look and the transaction.
    let snapshot = try engine.catchUp(with: writer)
    var answers: [(Int64) -> Outcome] = []
    rows.begin()
    let commit = try writer.transaction { records in
      let transaction = EditTransaction(records, rows, engine, showing: snapshot, by: writer)
      for edit in edits {
        do {
          answers.append(try apply(edit, transaction))
        } catch let error as WireError where edits.count > 1 {
          // Refused by a rule, before it changed anything: the others are not concerned.
          answers.append { _ in .refused(error) }
        }
      }
      try rows.settle(with: records)
    }.commit
    onCommit(edits.count)
    if edits.contains(where: \.movesRows) { opening.withLock { self.rows = nil } }
    // What is committed is done, whatever happens to the view: the next edit brings it up to date before it does anything, and reads say
    // that they are degraded.
    if !engine.adopt(commit), commit.seq != engine.snapshot.sequence { try? engine.refresh() }
    return answers.map { $0(commit.seq) }
  }

  private func apply(_ edit: Edit, _ transaction: EditTransaction) throws -> (Int64) -> Outcome {
    guard let operation = edit.operation else {
      let answer = try edit.apply(transaction)
      return { .done(Self.text(answer, $0)) }
    }
    if let known = try transaction.records.operation(named: operation.id) {
      guard known.request ?? operation.request == operation.request else {
        throw Self.reused(operation.id, for: known)
      }
      return { _ in .done(Self.repeated(known.answer)) }
    }
    let text = Self.text(try edit.apply(transaction), transaction.records.sequence)
    try transaction.records.remember(text, to: operation.request, ofOperation: operation.id)
    return { _ in .done(text) }
  }

  private static func reused(_ id: String, for known: CatalogueTransaction.KnownOperation) -> WireError {
    let method = known.request.map { RequestContent.method(in: $0) } ?? ""
    return WireError(
      .conflict,
      "this op_id was given to another edit: \(method) with other content, at revision \(known.seq); nothing was done. Give every "
        + "edit a name of its own",
      pointer: "/params/op_id", got: id)
  }

  /// Takes away folders of rows that belong to no generation that is in force: what a killed compaction left.
  ///
  /// - Parameters:
  ///   - layout: Where the catalogue's files are.
  ///   - generation: The one in force, as whoever holds the lock knows it.
  private static func clearLeftovers(of layout: CatalogueLayout, generation: Int64) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: layout.directory)) ?? [] {
      let path = "\(layout.directory)/\(name)"
      guard name == "rows" || name.hasPrefix("rows."), path != layout.rows(generation: generation) else { continue }
      try? files.removeItem(atPath: path)
    }
  }

  private static func text(_ answer: Edit.Answer, _ sequence: Int64) -> String {
    var buffer = ByteBuffer()
    buffer.beginObject()
    answer(&buffer)
    buffer.member("seq", Int(sequence))
    buffer.endObject()
    return buffer.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }

  /// The writer and the rows of the generation in force; takes the lock the first time.
  ///
  /// Others may have done anything before this process got the lock, so that nothing is taken from what was read before: see
  /// ``Engine/catchUp(with:)``, too.
  private func ready() throws -> (CatalogueWriter, EditRows) {
    opening.lock()
    defer { opening.unlock() }
    if let writer, let rows { return (writer, rows) }
    let store = try CatalogueStore.open(at: engine.store.layout.directory, access: .readWrite, readerCount: 1)
    let writer = try writer ?? store.makeWriter(waitingFor: lockWait)
    try RowJournalRecovery.run(store, holding: writer)
    let position = writer.position
    Self.clearLeftovers(of: store.layout, generation: position.generation)
    let rows = try EditRows(store, position)
    (self.writer, self.rows) = (writer, rows)
    return (writer, rows)
  }

  /// Gives the lock back.
  private func release() {
    let held = opening.withLock {
      defer { (self.writer, self.rows) = (nil, nil) }
      return (writer: self.writer, rows: self.rows)
    }
    guard let writer = held.writer, let rows = held.rows else { return }
    do {
      try rows.close(writer)
    } catch {
      // What cannot be made lasting now stays in the journal, where it is lasting too.
      writer.stop(ifSyncFailed: error)
    }
  }
}

extension Editor {
  /// An answer that was given before, with a word of that; a damaged record may have spaces around it, or nothing in it.
  private static func repeated(_ answer: String) -> String {
    guard let end = answer.lastIndex(of: "}") else { return answer }
    let members = answer[..<end]
    return members + (members.contains(":") ? "," : "") + "\"repeated\":true}"
  }
}
