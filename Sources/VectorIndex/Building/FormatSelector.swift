import VectorKernels

/// What was measured about a format of codes.
public struct FormatTrial: Hashable, Sendable {
  /// What was tried.
  public let format: CodeFormat
  /// The bytes of a code.
  public let bytes: Int
  /// How many of the best rows by code hold 98 % of the true ten; 101 where the best hundred do not.
  public let candidates: Int
  /// What a search would cost, in arbitrary units.
  public let cost: Float
}

/// Chooses what codes consist of, by trying formats on a sample against the exact answer.
///
/// How far data compresses differs: where few directions carry almost all energy, four bits of those fit into one cache line and tell more
/// than two bits of all; on whitened data it is the other way round. So the build measures.
struct FormatSelector {
  let learner: QuantizerLearner
  let bytes: ByteRows
  let workers: WorkerPool

  private static let queryCount = 128
  /// How far rows are moved to become queries: the harder half is what weak codes fail at.
  private static let parts: [Float] = [0.3, 0.6]
  /// How many of the nearest rows of each query the formats have to tell apart.
  private static let poolSize = 300
  private static let k = 10
  private static let candidateLimit = 100
  private static let goal = 0.98

  /// Tries all formats that suit the dimension.
  ///
  /// - Parameters:
  ///   - nodes: The rows that are indexed.
  ///   - moments: For projections; without it only rotations are tried.
  /// - Returns: The trials, the cheapest first; never empty.
  /// - Complexity: O(*n* · *d*) for the truth, and O(*pool* · *d* · *m*) a format.
  func trials(_ nodes: [UInt32], moments: SymmetricEigen?) -> [FormatTrial] {
    var generator = SplitMix(seed: learner.seed &+ 8)
    let origins = nodes[...].sample(Self.queryCount, using: &generator)
    let moved = MovedRow.draw(origins.count, from: origins, among: nodes, parts: Self.parts, seed: learner.seed &+ 7)
    let queries = CalibrationQueries(moved, rows: learner.rows, form: learner.form)
    let near = ByteNeighbors(among: nodes, of: learner.rows, bytes: bytes, metric: learner.form.metric)
      .nearest(Self.poolSize, to: queries, workers: workers)
    // Codes have to tell apart what lies close together, so the pool is what lies close to the queries, out of all rows.
    let pool = Set(near.joined()).subtracting(queries.origins).sorted()
    let truth = near.map { $0.prefix(Self.k).filter { !queries.origins.contains($0) } }
    let results = formats(hasMoments: moments != nil).map { format in
      trial(format, learner.quantizer(format, moments: moments), queries, pool, truth)
    }
    return results.sorted { ($0.cost, $0.candidates, $0.bytes) < ($1.cost, $1.candidates, $1.bytes) }
  }

  private func formats(hasMoments: Bool) -> [CodeFormat] {
    let d = learner.form.dimension
    let rotations = [CodeBits.one, .two, .three, .four, .eight].map { CodeFormat(.rotation, bits: $0) }
    guard hasMoments else { return rotations }
    let projections = [64, 128, 192, 256, 384].filter { $0 * 4 <= d * 3 }.flatMap { kept in
      [CodeBits.two, .four, .eight].map { CodeFormat(.projection(dimension: kept), bits: $0) }
    }
    // A walk over more than four lines a row loses more than it saves by keeping fewer candidates.
    return rotations + projections.filter { $0.rowBytes(ofInput: d) <= 256 }
  }

  private func trial(
    _ format: CodeFormat, _ quantizer: Quantizer, _ queries: CalibrationQueries, _ pool: [UInt32], _ truth: [[UInt32]]
  ) -> FormatTrial {
    let codes = CodeStore(coding: learner.rows, ordinals: pool, by: quantizer, workers: workers)
    var places: [Int] = []
    let asking = BuildQuery(codes: codes, rows: learner.rows)
    let limit = max(min(Self.candidateLimit, pool.count), 1)
    var best = CandidateBeam(capacity: limit)
    for (query, expected) in truth.enumerated() {
      asking.scan(queries, query, best: &best, width: limit)
      let found = (0..<best.count).map { pool[Int(best.ordinal(at: $0))] }
      places += expected.map { found.firstIndex(of: $0) ?? Self.candidateLimit }
    }
    places.sort()
    let needed = places.isEmpty ? Self.k : places[min(Int(Double(places.count) * Self.goal), places.count - 1)] + 1
    let bytes = quantizer.rowBytes
    return FormatTrial(format: format, bytes: bytes, candidates: needed, cost: cost(format, bytes, max(needed, Self.k)))
  }

  /// What a walk costs that has to keep so many candidates.
  ///
  /// In units of one expanded node with codes of one line. The beam must be some 20 wider than the candidates for the graph's sake; a second
  /// line costs less than the first, whose address the processor has to wait for; a query is mapped once. Fitted to measured walks.
  private func cost(_ format: CodeFormat, _ bytes: Int, _ candidates: Int) -> Float {
    let lines = Float(bytes) / 64
    let walk = Float(20 + candidates) * (0.3 + 0.7 * lines)
    switch format.map {
    case .rotation: return walk + 3
    case .projection(let kept): return walk + 3 + Float(kept * learner.form.dimension) / 16_384
    }
  }
}
