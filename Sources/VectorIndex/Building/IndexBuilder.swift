import VectorKernels

/// Builds codes and graph of the rows of a state.
///
/// ```swift
/// let graph = IndexBuilder(snapshot, workers: workers).build()
/// snapshot.attach(graph)
/// ```
public struct IndexBuilder {
  let snapshot: IndexSnapshot
  let configuration: IndexConfiguration
  let workers: WorkerPool

  /// A builder.
  ///
  /// - Parameters:
  ///   - snapshot: Whose live rows are indexed.
  ///   - configuration: How.
  ///   - workers: Who does it; the result is the same for any number of them.
  public init(_ snapshot: IndexSnapshot, configuration: IndexConfiguration = .init(), workers: WorkerPool) {
    self.snapshot = snapshot
    self.configuration = configuration
    self.workers = workers
  }

  /// Builds.
  ///
  /// - Parameters:
  ///   - progress: Hears of each step as it begins.
  ///   - tick: Hears on the way how much of a step is done, 0 to 1; called by this thread only.
  /// - Returns: The index; nil where no row is live.
  /// - Throws: What `progress` throws.
  /// - Complexity: O(*n* · *leaf size* · *d*) for the products, and a walk a row.
  public func build<Failure: Error>(
    progress: (BuildStep) throws(Failure) -> Void, tick: (BuildStep, Double) -> Void = { _, _ in }
  ) throws(Failure) -> GraphIndex? {
    let rows = snapshot.rows
    let live = snapshot.live.ordinals.filter { $0 < UInt32(snapshot.count) }
    guard !live.isEmpty else { return nil }
    try progress(.codes)
    let (nodes, copies) = CopyFinder.find(in: rows, among: live, workers: workers)
    var generator = SplitMix(seed: configuration.seed)
    let sample = nodes[...].sample(QuantizerLearner.sampleSize, using: &generator).sorted()
    let form = VectorForm(of: rows, sample: sample, metric: snapshot.metric)
    let bytes = ByteRows(rows, count: rows.count, form: form, workers: workers)
    let (quantizer, trials) = chooseQuantizer(for: nodes, sample: sample, form: form, bytes: bytes)
    let codes = CodeStore(coding: rows, count: rows.count, by: quantizer, workers: workers)
    let (heldOut, others) = HeldOutRows.split(nodes, seed: configuration.seed)
    let graph = try graphBuilder(codes, bytes).build(others, copies: copies, progress: progress, tick: tick)
    try progress(.calibration)
    let calibration = Calibrator(graph: graph, codes: codes, rows: rows, bytes: bytes, workers: workers)
      .calibrate(heldOut, among: others, seed: configuration.seed)
    let whole = link(heldOut, to: graph, of: others, codes: codes, distances: bytes)
    return GraphIndex(codes: codes, graph: whole, calibration: calibration, trials: trials)
  }

  /// Builds without telling anyone how far it is.
  ///
  /// - Returns: The index; nil where no row is live.
  public func build() -> GraphIndex? {
    build { (_: BuildStep) throws(Never) in }
  }

  /// The memory that a build takes at its height, about, beside the rows.
  public var neededBytes: Int {
    let degree = configuration.maxDegree * MemoryLayout<UInt32>.stride
    let candidates = configuration.leafOverlap * configuration.leafNeighbors * MemoryLayout<UInt32>.stride
    let code = (configuration.format ?? CodeFormat(.rotation, bits: .two)).rowBytes(
      ofInput: snapshot.rows.layout.dimension)
    // Two tables of edges and the same edges by target, candidates, rows in bytes, codes; and 64 MB for everything that does not grow.
    return snapshot.rows.count
      * (3 * degree + candidates + ByteRows.bytes(rows: 1, dimension: snapshot.rows.layout.dimension) + code)
      + 64 << 20
  }

  /// The codes with which a search probably costs least, and what was tried.
  private func chooseQuantizer(
    for nodes: [UInt32], sample: [UInt32], form: VectorForm, bytes: ByteRows
  ) -> (Quantizer, [FormatTrial]) {
    let learner = QuantizerLearner(
      rows: snapshot.rows, form: form, seed: configuration.seed, sample: sample, all: nodes)
    // A projection is learnt from the rows; from few rows there is nothing to learn.
    let moments = sample.count >= 4 * form.dimension ? learner.moments() : nil
    if let format = configuration.format, format.map == .rotation || moments != nil {
      return (learner.quantizer(format, moments: moments), [])
    }
    let trials = FormatSelector(learner: learner, bytes: bytes, workers: workers).trials(nodes, moments: moments)
    let format = trials.first?.format ?? CodeFormat(.rotation, bits: .eight)
    return (learner.quantizer(format, moments: moments), trials)
  }

  /// The builder that the configuration names.
  private func graphBuilder(_ codes: CodeStore, _ bytes: ByteRows) -> any GraphBuilding {
    let rows = snapshot.rows
    return switch configuration.method {
    case .bulk:
      BulkBuilder(configuration: configuration, rows: rows, codes: codes, bytes: bytes, workers: workers)
    case .insertion:
      InsertionBuilder(configuration: configuration, rows: rows, codes: codes, bytes: bytes, workers: workers)
    }
  }
}
