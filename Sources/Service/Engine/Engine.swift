import Catalogue
import Foundation
import Synchronization
import VectorIndex
import VectorKernels
import WireProtocol

/// An open catalogue with its rows mapped and its state in memory: what requests are answered from.
///
/// The catalogue is the truth; everything here is a view of it that ``refresh()`` brings up to date with commits of any
/// process.
///
/// - Concurrency: Any number of threads may ask at once.
public final class Engine: Sendable {
  /// The system of record.
  public let store: CatalogueStore
  /// Who scans and multiplies.
  public let workers: WorkerPool
  /// How closeness is measured.
  public let metric: Metric
  /// The shape of the rows.
  public let layout: RowLayout

  let index: NearestNeighborIndex
  let linker: Linker

  /// Searches by codes and graph from now on, or by rows alone.
  package func attach(_ graph: GraphIndex?) {
    index.update { $0.attach(graph) }
  }

  /// Links everything that came after the graph, and returns when that is done.
  package func linkAll() { linker.linkAll() }

  /// Begins to link rows in the background that came after the graph.
  ///
  /// - Parameter onLinked: Hears on the linking thread of rows that were.
  func startLinking(onLinked: @escaping @Sendable () -> Void = {}) {
    linker.onLinked = onLinked
    linking.store(true, ordering: .relaxed)
    linker.wake()
  }

  private var linksRows: Bool { linking.load(ordering: .relaxed) }

  /// The state of this moment.
  package var snapshot: IndexSnapshot { index.snapshot }
  /// Works alone, for requests that share the processors with others.
  let oneWorker = WorkerPool(width: 1)
  let searchFilters = SearchFilterCache()
  let filters: FilterCache
  let snapshots: SnapshotDirectory
  private let nameTable: Mutex<NameTable>
  private let lastLook = Mutex<Look?>(nil)
  private let start = Mutex(Start())
  /// Only whoever serves for long links rows.
  private let linking = Atomic(false)

  /// What the state of this moment was started from.
  private struct Start {
    /// The snapshot; nil where there was none that could be used.
    var number: Int?
    /// Rows that its graph covers.
    var graphRows = 0
    /// What `CURRENT` said when it was looked for.
    var current = SnapshotDirectory.Current.none
    /// Why the snapshot that should be in force is not.
    var troubles: [SnapshotTrouble] = []
    /// Snapshots that were found to be damaged only after they were opened.
    var refused: [Int: SnapshotTrouble] = [:]
  }

  /// When the catalogue was last asked for commits, and whether it could be.
  private struct Look {
    var time: ContinuousClock.Instant
    var hasFailed = false
  }

  /// How old the view may be when a request is answered.
  static let refreshInterval = Duration.milliseconds(100)

  /// Opens a catalogue.
  ///
  /// - Parameters:
  ///   - path: The catalogue's directory.
  ///   - threads: How many threads may scan at once, at least 1.
  /// - Throws: `CatalogueError` or `IndexError`, naming the file that is missing, newer or damaged. A snapshot that cannot be used is no error:
  ///   see ``snapshotTroubles``.
  /// - Complexity: O(*n*) at the speed of memory, and O(*m*) for *m* items that came since the snapshot. Without one, O(*n*) in the record.
  public init(path: String, threads: Int) throws {
    store = try CatalogueStore.open(at: path, access: .readOnly)
    try RowJournalRecovery.run(store)
    let model = store.identity.model
    metric = model.indexMetric
    layout = model.rowLayout
    snapshots = SnapshotDirectory(store.layout)
    let generation = try store.read { try $0.generation() }
    index = NearestNeighborIndex(try Self.emptyState(store, generation: generation))
    linker = Linker(index, threads: threads)
    nameTable = Mutex(NameTable())
    filters = FilterCache()
    workers = WorkerPool(width: threads)
    try adoptSnapshot()
    try refresh()
  }

  /// Whether a snapshot of the index is in force, or should be, by whichever process.
  var hasIndex: Bool {
    switch snapshots.current {
    case .none, .retired: false
    case .number, .unreadable: true
    }
  }

  /// The number of the snapshot that the state of this moment was started from, nil for none.
  public var snapshotNumber: Int? { start.withLock { $0.number } }

  /// Rows that the graph of that snapshot covers; those that were linked since are not lasting.
  var snapshotRows: Int { start.withLock { $0.graphRows } }

  /// Why the snapshot that should be in force is not; empty when all is well.
  ///
  /// Answers are right all the same: an older snapshot, or the record alone, gives the same rows.
  public var snapshotTroubles: [String] { start.withLock { $0.troubles.map(\.description) } }

  /// Whether the snapshot that should be in force is not.
  var isSnapshotDegraded: Bool { start.withLock { !$0.troubles.isEmpty } }

  /// The state of this moment, and the names of whatever it holds.
  ///
  /// Names are learnt before the state that needs them is published, so they are taken after it.
  func view() -> (snapshot: IndexSnapshot, names: NameTable) {
    let snapshot = index.snapshot
    return (snapshot, nameTable.withLock { $0 })
  }

  /// Looks for commits of other processes, unless that was done a moment ago.
  ///
  /// - Parameter sequence: A revision that the caller needs to see; looks at once where the view is older.
  /// - Throws: `CatalogueError` or `IndexError`.
  func refreshIfDue(atLeast sequence: Int64? = nil) throws {
    let now = ContinuousClock.now
    let isDue = lastLook.withLock { last in
      guard let last else { return true }
      return now - last.time >= Self.refreshInterval
    }
    guard isDue || sequence.map({ $0 > index.snapshot.sequence }) ?? false else { return }
    lastLook.withLock { $0 = Look(time: now) }
    do {
      if snapshots.current != start.withLock({ $0.current }) { try adoptSnapshot() }
      if try store.seq() != index.snapshot.sequence { try refresh() }
    } catch {
      lastLook.withLock { $0?.hasFailed = true }
      throw error
    }
  }

  /// Whether nothing new is to be read, as far as ``refreshIfDue(atLeast:)`` would look; looks itself where that is due.
  ///
  /// - Returns: False also where the catalogue cannot be asked.
  func isUpToDate() -> Bool {
    let now = ContinuousClock.now
    guard let last = lastLook.withLock({ $0 }), !last.hasFailed else { return false }
    guard now - last.time >= Self.refreshInterval else { return true }
    guard snapshots.current == start.withLock({ $0.current }), (try? store.seq()) == index.snapshot.sequence else {
      return false
    }
    lastLook.withLock { $0 = Look(time: now) }
    return true
  }

  /// Looks for commits as ``refreshIfDue(atLeast:)`` does; where that fails, reads go on from what is known.
  ///
  /// - Returns: Whether the catalogue could be asked when that was last due.
  func refreshIfPossible(atLeast sequence: Int64?) -> Bool {
    try? refreshIfDue(atLeast: sequence)
    return lastLook.withLock { !($0?.hasFailed ?? false) }
  }

  /// Brings the view up to date with the catalogue.
  ///
  /// - Throws: `CatalogueError` or `IndexError`; the view is then as it was.
  /// - Complexity: O(*m*) for *m* items that came or went since.
  public func refresh() throws {
    _ = try refreshed { _ in }
  }

  /// Brings the view up to date, and reads something in the record of the very state that the view then shows.
  ///
  /// - Parameter look: Reads; it may be run again from its beginning.
  /// - Returns: The state, its names, and what `look` returned.
  /// - Throws: `CatalogueError` or `IndexError`, or what `look` throws; the view is then as it was.
  /// - Complexity: As for ``refresh()``.
  func refreshed<Value: Sendable>(
    _ look: (CatalogueReader) throws -> Value
  ) throws -> (snapshot: IndexSnapshot, names: NameTable, value: Value) {
    lastLook.withLock { $0 = Look(time: .now) }
    let shown = try index.update { state in
      let before = state
      return try store.readWithRows { reader, _ in
        var (next, names) = (before, nameTable.withLock { $0 })
        try replay(reader, into: &next, &names)
        let value = try look(reader)
        nameTable.withLock { $0 = names }
        state = next
        return (snapshot: next, names: names, value: value)
      }
    }
    linkIfDue()
    return shown
  }

  /// Reads something in the record of the very state that the view shows, which is brought up to date where the record has gone on.
  ///
  /// So what is answered from the record is never newer than what a search that comes after it sees, and a key that is found is found in the
  /// state that is searched.
  ///
  /// - Parameter look: Reads; it may be run again from its beginning.
  /// - Returns: The state, its names, and what `look` returned.
  /// - Throws: As ``refreshed(_:)`` does.
  func readTogether<Value: Sendable>(
    _ look: (CatalogueReader) throws -> Value
  ) throws -> (snapshot: IndexSnapshot, names: NameTable, value: Value) {
    let (snapshot, names) = view()
    let (value, sequence) = try store.read { (try look($0), try $0.seq()) }
    guard sequence != snapshot.sequence else { return (snapshot, names, value) }
    return try refreshed(look)
  }

  /// Brings the view to the state that the record has under the lock: what every edit begins with.
  ///
  /// - Parameter writer: Holds the lock, so that nobody else commits meanwhile.
  /// - Returns: The state.
  /// - Throws: `CatalogueError` or `IndexError` where the view cannot be brought there; nothing may be changed then.
  /// - Complexity: O(1) where this process did the last commit, else as for ``refresh()``.
  func catchUp(with writer: CatalogueWriter) throws -> IndexSnapshot {
    let position = writer.position
    let known = snapshot
    guard !known.shows(position) else { return known }
    let (state, _, _) = try refreshed { _ in }
    guard state.shows(position) else {
      throw CatalogueError.io(
        file: store.layout.database,
        reason: "it is at revision \(position.seq) for whoever writes and at \(state.sequence) for whoever reads; the "
          + "directory may have been replaced")
    }
    return state
  }

  /// Tells the linker that rows may have come.
  func linkIfDue() {
    if linksRows { linker.wake() }
  }

  /// Starts anew from the snapshot in force, if it is not the one that this state was started from, and replays what came since.
  ///
  /// A snapshot that cannot be used is looked at once, not again and again: only when `CURRENT` says something else.
  ///
  /// - Throws: `CatalogueError` or `IndexError`; the view is then as it was.
  /// - Complexity: As for ``init(path:threads:)``.
  func adoptSnapshot() throws {
    let listing = snapshots.listing
    try index.update { published in
      let known = published
      try store.readWithRows { reader, _ in
        var state = known
        let isNew = try renew(&state, reader)
        var rows = state.rows
        try rows.grow(to: Int(reader.rowCount()))
        let before = start.withLock { $0 }
        let id = try store.rowFileID(generation: state.generation)
        let search = try SnapshotSearch(
          snapshots, listing, refused: before.refused, catalogue: id, metric: metric, rows: rows, reader)
        let generation = state.generation
        let isRefused = before.number.map { before.refused[$0] != nil } ?? false
        // What was read from a sound snapshot stays right also where there is none any more.
        if isNew || (search.found == nil ? isRefused : search.found?.number != before.number) {
          state = search.found?.state ?? IndexSnapshot(metric: metric, rows: rows)
          state.generation = generation
          var names = search.found?.names ?? NameTable()
          try replay(reader, into: &state, &names)
          nameTable.withLock { $0 = names }
        }
        start.withLock {
          $0.number = search.found?.number ?? (isRefused ? nil : before.number)
          if let found = search.found { $0.graphRows = found.state.graph?.count ?? 0 }
          ($0.current, $0.troubles) = (listing.current, search.troubles)
        }
        published = state
      }
    }
  }

  /// Compares the snapshot in use with its checksums, which opening it does not do for its large sections; one that is damaged is set aside.
  ///
  /// - Returns: Whether it was sound.
  /// - Throws: `CatalogueError` or `IndexError` where there is nothing else to start from.
  /// - Complexity: O(bytes) of the snapshot.
  @discardableResult
  package func verifySnapshot() throws -> Bool {
    guard let number = snapshotNumber else { return true }
    do throws(IndexError) {
      guard let id = try? store.rowFileID(generation: index.snapshot.generation) else { return true }
      try SnapshotReader(path: snapshots.file(number), catalogue: id).verify()
      return true
    } catch {
      // A build of another process may have removed it meanwhile.
      if case .missing = error { return true }
      start.withLock { $0.refused[number] = SnapshotTrouble(error) }
      try adoptSnapshot()
      return false
    }
  }

  /// Begins anew where the catalogue was compacted since: every row has another number now.
  ///
  /// - Returns: Whether that was so.
  private func renew(_ state: inout IndexSnapshot, _ reader: CatalogueReader) throws -> Bool {
    let generation = try reader.generation()
    guard generation != state.generation else { return false }
    state = try Self.emptyState(store, generation: generation)
    start.withLock { ($0.number, $0.graphRows) = (nil, 0) }
    return true
  }

  /// The state of a generation before anything of it was read.
  private static func emptyState(_ store: CatalogueStore, generation: Int64) throws -> IndexSnapshot {
    let none = CataloguePosition(seq: 0, generation: generation, rowCount: 0)
    var state = IndexSnapshot(metric: store.identity.model.indexMetric, rows: try store.openRows(at: none))
    state.generation = generation
    return state
  }

  /// What a request is told whose rows have other numbers now.
  static let compacted = WireError(.stale, "the catalogue was compacted while the request ran; send it again")

  /// Reads from the record what numbers of rows stand for, if they still do.
  ///
  /// - Throws: `stale` where the catalogue was compacted since the state was published, or what `body` throws.
  func read<Value>(for snapshot: IndexSnapshot, _ body: (CatalogueReader) throws -> Value) throws -> Value {
    try store.read { reader in
      guard try reader.generation() == snapshot.generation else {
        throw Self.compacted
      }
      return try body(reader)
    }
  }

  /// Brings a state up to date with the record.
  private func replay(_ reader: CatalogueReader, into state: inout IndexSnapshot, _ names: inout NameTable) throws {
    let file = store.layout.database
    let sequence = try reader.seq()
    if try renew(&state, reader) { names = NameTable() }
    guard sequence > state.sequence else { return }
    try names.update(from: reader, file: file)
    let rowCount = try Int(reader.rowCount())
    try state.growRows(to: rowCount)
    try reader.forEachItem(since: state.sequence) { item in
      guard Int(item.ordinal) == state.count, state.count < rowCount else {
        throw CatalogueError.damaged(file: file, reason: "the numbers of rows have a gap before \(item.ordinal)")
      }
      guard Int(item.work) < names.works.count, Int(item.member) < names.members.count else {
        throw CatalogueError.damaged(
          file: file, reason: "item \(item.ordinal) names a work or member that does not exist")
      }
      state.append(item)
      if item.isRemoved { state.remove(Ordinal(item.ordinal)) }
    }
    try reader.forEachTombstone(since: state.sequence) { ordinal in
      guard Int(ordinal) < state.count else {
        throw CatalogueError.damaged(file: file, reason: "item \(ordinal) is removed and beyond the last one")
      }
      state.remove(Ordinal(ordinal))
    }
    state.sequence = sequence
  }
}
