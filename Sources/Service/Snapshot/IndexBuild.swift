import Catalogue
import VectorIndex
import WireProtocol

/// Makes a snapshot of everything that a catalogue holds, and puts it in force.
///
/// Searches go on meanwhile, from the state that was in force before. The writer's lock is held from the beginning to the end, so that two builds never
/// work for nothing; edits of the process that holds it may go on, and are replayed after the snapshot's revision.
public struct IndexBuild {
  /// What a build may use.
  public struct Options: Sendable {
    /// How many threads work, at least 1.
    public var threads: Int
    /// Bytes of memory to keep to; nil for as many as it takes.
    public var memory: Int?
    /// How long to wait for another writer to end.
    public var lockPatience = Duration.zero

    /// Limits of a build.
    public init(threads: Int = 1, memory: Int? = nil) {
      self.threads = threads
      self.memory = memory
    }
  }

  /// How far a build is.
  public struct Progress: Sendable {
    /// What is being done: `rows`, a step of the build such as `walks`, or `publish`.
    public var stage: String
    /// Rows that are done.
    public var done: Int
    /// All rows.
    public var total: Int
  }

  /// What a build did.
  public struct Report: Sendable {
    /// The number of the snapshot.
    public let number: Int
    /// The revision of the catalogue that it shows.
    public let sequence: Int64
    /// Rows that it is about, removed ones among them.
    public let rows: Int
    /// The length of its file.
    public let byteCount: Int
    /// How long it took.
    public let duration: Duration
  }

  /// Builds what searches walk on and writes it as further sections of the snapshot; tells how many rows are done.
  ///
  /// What it throws ends the build, and nothing changes.
  typealias GraphStage = (IndexSnapshot, Options, SnapshotWriter, GraphProgress) throws -> Void
  /// Hears what is being done, and of how many rows it is done.
  typealias GraphProgress = (_ stage: String, _ rowsDone: Int) throws -> Void

  private let engine: Engine
  private let options: Options
  private let graphStage: GraphStage

  /// Prepares a build.
  ///
  /// - Parameters:
  ///   - engine: The open catalogue.
  ///   - options: What the build may use.
  public init(_ engine: Engine, _ options: Options = Options()) {
    self.init(engine, options, graphStage: Self.buildGraph)
  }

  init(_ engine: Engine, _ options: Options, graphStage: @escaping GraphStage) {
    self.engine = engine
    self.options = options
    self.graphStage = graphStage
  }

  /// Takes the catalogue's lock and builds.
  ///
  /// - Parameter progress: Is told how far it is; what it throws ends the build, and nothing changes.
  /// - Returns: What was done.
  /// - Throws: `CatalogueError`, among them `locked` while another process writes, `IndexError`, or what `progress` throws.
  /// - Complexity: O(*n*) in the rows, and what the graph takes.
  public func run(progress: (Progress) throws -> Void = { _ in }) throws -> Report {
    let store = try CatalogueStore.open(at: engine.store.layout.directory, access: .readWrite, readerCount: 1)
    return try run(holding: try store.makeWriter(waitingFor: options.lockPatience), progress: progress)
  }

  /// Builds, in the process that holds the lock.
  ///
  /// - Parameters:
  ///   - writer: The catalogue's one writer.
  ///   - progress: As for ``run(progress:)``.
  /// - Returns: What was done.
  /// - Throws: As ``run(progress:)`` does.
  public func run(holding writer: CatalogueWriter, progress: (Progress) throws -> Void) throws -> Report {
    let start = ContinuousClock.now
    try engine.refresh()
    let (state, names) = engine.view()
    try progress(Progress(stage: "rows", done: 0, total: state.count))
    var byteCount = 0
    let number = try engine.snapshots.publish(
      engine.store.rowFileID(generation: state.generation), keeping: engine.snapshotNumber, lock: writer
    ) { file in
      try state.write(to: file)
      try names.write(to: file)
      try graphStage(state, options, file) { stage, done in
        try progress(Progress(stage: stage, done: done, total: state.count))
      }
      try progress(Progress(stage: "publish", done: state.count, total: state.count))
      try checkGeneration(of: state)
      byteCount = try file.finish(sequence: state.sequence, rowCount: state.count)
    }
    try engine.adoptSnapshot()
    return Report(
      number: number, sequence: state.sequence, rows: state.count, byteCount: byteCount,
      duration: ContinuousClock.now - start)
  }

  /// Publishes nothing about rows that have other numbers now; whoever compacts keeps builds away, and this is in case one did not.
  private func checkGeneration(of state: IndexSnapshot) throws {
    guard try engine.store.read({ try $0.generation() }) == state.generation else {
      throw WireError(
        .conflict, "the catalogue was compacted while its index was built, and nothing was published; build it again")
    }
  }
}
