import VectorKernels

/// Builds codes and graph of the rows of a state.
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
  /// - Parameter progress: Hears of each step as it begins.
  /// - Returns: The index; nil where no row is live.
  public func build(progress: (BuildStep) -> Void = { _ in }) -> GraphIndex? {
    let rows = snapshot.rows
    let live = snapshot.live.ordinals
    guard !live.isEmpty else { return nil }
    progress(.codes)
    let (nodes, copies) = CopyFinder.find(in: rows, among: live, workers: workers)
    var generator = SplitMix(seed: configuration.seed)
    let sample = nodes[...].sample(QuantizerLearner.sampleSize, using: &generator).sorted()
    let form = VectorForm(of: rows, sample: sample, metric: snapshot.metric)
    let learner = QuantizerLearner(rows: rows, form: form, seed: configuration.seed, sample: sample, all: nodes)
    let format = configuration.format ?? CodeFormat(.rotation, bits: .two)
    let quantizer = learner.quantizer(format, moments: format.map == .rotation ? nil : learner.moments())
    let codes = CodeStore(coding: rows, count: rows.count, by: quantizer, workers: workers)
    let bytes = ByteRows(rows, count: rows.count, form: form, workers: workers)
    let graph = graphBuilder(codes, bytes).build(nodes, copies: copies, progress: progress)
    progress(.calibration)
    return GraphIndex(codes: codes, graph: graph, calibration: Calibration(points: []))
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
