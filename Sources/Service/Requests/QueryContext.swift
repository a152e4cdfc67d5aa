import Catalogue
import VectorIndex
import WireProtocol

/// What a search runs on: one state of the index, the rows that may be answered, and who does the work.
struct QueryContext {
  let snapshot: IndexSnapshot
  let names: NameTable
  /// The rows that may be answered; nil for all.
  let filter: SearchFilter?
  let searcher: IndexSearcher
  /// Whether the catalogue could not be asked for what is new, or its snapshot cannot be used; `engine.health` says why.
  let isDegraded: Bool
  /// The stored item that the search starts from, which is left out.
  let excluded: Ordinal?

  /// Sees to everything that a search and a match have in common.
  ///
  /// - Throws: `stale`, `deadline_exceeded`, `invalid_params`, `not_found`, or what the catalogue throws.
  init(_ options: QueryOptions, _ engine: Engine, _ circumstances: RequestHandler.Circumstances) throws {
    try Self.check(options.model, engine)
    isDegraded = !engine.refreshIfPossible(atLeast: options.minSequence) || engine.isSnapshotDegraded
    if case .key(let key) = options.source {
      let found = try engine.view(ofKey: key)
      (snapshot, names, excluded) = (found.snapshot, found.names, found.ordinal)
    } else {
      (snapshot, names) = engine.view()
      excluded = nil
    }
    if let wanted = options.minSequence, snapshot.sequence < wanted {
      throw WireError(
        .stale, "revision \(wanted) is not there yet; the catalogue is at \(snapshot.sequence)",
        pointer: "/params/min_seq",
        got: "\(snapshot.sequence)")
    }
    filter = try engine.searchFilter(for: options.filter, in: snapshot)
    searcher = IndexSearcher(
      snapshot, workers: circumstances.isAlone ? engine.workers : engine.oneWorker,
      givesUp: circumstances.givesUp ?? circumstances.interruption?.givesUp)
    // Attributes and permissions are read from the record when the answer is made.
    if !options.withAttributes, options.use == nil { circumstances.settle() }
  }

  private static func check(_ model: String?, _ engine: Engine) throws(WireError) {
    guard let model, model != engine.store.identity.model.name else { return }
    let own = engine.store.identity.model.name ?? "unnamed"
    throw .invalid(
      "/params/model", "the catalogue's vectors come from model \(own); vectors of different models cannot be compared",
      got: model)
  }

  /// The queries, some of those that came with a request, or the stored one.
  ///
  /// - Parameters:
  ///   - range: Which of the request's vectors.
  ///   - vectors: The request's vectors.
  /// - Returns: The queries, ready for the index.
  /// - Throws: `invalid_params`, pointing at the vector.
  func queries(_ range: Range<Int>, of vectors: VectorBuffer) throws -> PreparedQueries {
    let dimension = snapshot.rows.layout.dimension
    if let excluded {
      return try PreparedQueries(snapshot.rows.row(excluded).span, dimension: dimension, metric: snapshot.metric)
    }
    guard vectors.dimension == dimension else {
      throw WireError(
        .invalidParams, "the catalogue's vectors have \(dimension) numbers", pointer: vectors.pointer(to: 0),
        limit: dimension,
        got: "\(vectors.dimension) numbers")
    }
    guard !vectors.isUnscaledInteger || snapshot.metric == .cosine else {
      throw WireError.invalid(
        "/params/\(vectors.isMany ? "vectors" : "vector")/scale",
        "i8 needs a scale under metric \(snapshot.metric.rawValue), where length counts")
    }
    do {
      return try vectors.withNumbers { numbers throws(QueryRefusal) in
        let part = numbers.extracting(range.lowerBound * dimension..<range.upperBound * dimension)
        return try PreparedQueries(part, dimension: dimension, metric: snapshot.metric)
      }
    } catch {
      throw WireError.invalid(vectors.pointer(to: range.lowerBound + error.query), error.description)
    }
  }

  /// All queries in blocks, checked and prepared before the first of them is searched.
  ///
  /// - Parameters:
  ///   - range: Which of the request's vectors.
  ///   - vectors: The request's vectors.
  ///   - sizes: Vectors of the first block, and of any block, at most; each block is twice as long as the one before.
  /// - Returns: The blocks, in order.
  /// - Throws: As ``queries(_:of:)`` does.
  func blocks(_ range: Range<Int>, of vectors: VectorBuffer, sizes: ClosedRange<Int>) throws -> [PreparedQueries] {
    guard range.count > sizes.lowerBound else { return [try queries(range, of: vectors)] }
    var blocks: [PreparedQueries] = []
    var (lower, size) = (range.lowerBound, sizes.lowerBound)
    while lower < range.upperBound {
      let upper = min(lower + size, range.upperBound)
      blocks.append(try queries(lower..<upper, of: vectors))
      (lower, size) = (upper, min(2 * size, sizes.upperBound))
    }
    return blocks
  }

  /// What an answer to a search says about itself.
  ///
  /// - Parameter plans: How each vector was searched; the least certain one is shown.
  /// - Returns: The end of the answer.
  func closing(_ plans: some Sequence<SearchPlan>) -> AnswerEncoder.Closing {
    let plan = plans.max { $0.uncertainty < $1.uncertainty } ?? .exact
    var closing = closing
    closing.exact = plan == .exact
    closing.plan = plan.rawValue
    return closing
  }

  /// What a complete answer says about itself.
  var closing: AnswerEncoder.Closing {
    var closing = AnswerEncoder.Closing(sequence: snapshot.sequence)
    closing.degraded = isDegraded
    return closing
  }

  /// How many queries there are.
  func queryCount(_ vectors: VectorBuffer) -> Int { excluded == nil ? vectors.count : 1 }
}

extension SearchRequest {
  /// How hard to try: `exact` before `beam_width` before `target_recall`.
  var effort: SearchEffort {
    if exact == true { return .exact }
    if let beamWidth { return .beamWidth(beamWidth) }
    return targetRecall.map { .targetRecall($0) } ?? .standard
  }
}
