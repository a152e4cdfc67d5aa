import VectorFiles
import VectorIndex
import WireProtocol

/// Searches for the vectors of a file, for the command line.
public struct FileSearch {
  /// One item that was found.
  public struct Hit: Sendable {
    /// The caller's key.
    public let key: String
    /// Larger is more similar.
    public let score: Float
    /// Whose it is.
    public let member: String?
    /// Which work it belongs to.
    public let work: String?
  }

  /// How hard to try; what is nil is left to the engine.
  public struct Effort: Sendable {
    /// Whether every row is looked at.
    public var isExact = false
    /// How many candidates a walk keeps.
    public var beamWidth: Int?
    /// The share of the true neighbours that must be found.
    public var targetRecall: Double?

    /// Leaves it to the engine.
    public init() {}

    var searchEffort: SearchEffort {
      if isExact { return .exact }
      if let beamWidth { return .beamWidth(beamWidth) }
      return targetRecall.map { .targetRecall($0) } ?? .standard
    }
  }

  private let engine: Engine
  private let k: Int
  private let limit: Float
  private let filter: Filter?
  private let effort: SearchEffort

  /// Vectors that are searched for at a time.
  private static let batch = 1024

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - engine: The open catalogue.
  ///   - k: How many hits a vector, at least 1.
  ///   - scoreThreshold: The least score of a hit.
  ///   - filter: JSON in the grammar of the protocol.
  ///   - effort: How hard to try.
  /// - Throws: ``CommandFailure`` for a filter that is none.
  public init(_ engine: Engine, k: Int, scoreThreshold: Float?, filter: String?, effort: Effort = Effort()) throws {
    self.engine = engine
    self.effort = effort.searchEffort
    self.k = k
    limit = scoreThreshold.map { Metric.distance(ofScore: $0) } ?? .infinity
    self.filter = try filter.map { text in try Filter.option(text) }
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - path: The file with the vectors.
  ///   - body: Gets every vector's number, its answer as a line of JSON, and its hits.
  /// - Throws: `FileError`, `CatalogueError`, or ``QueryRefusal`` for a vector that cannot be compared; what `body` throws.
  public func run(_ path: String, _ body: (_ query: Int, _ line: String, _ hits: [Hit]) throws -> Void) throws {
    let dimension = engine.layout.dimension
    let reader = try VectorFile.open(path, dimension: dimension)
    guard reader.dimension == dimension else {
      throw FileError(
        .unsupported, file: path,
        reason: "its vectors have \(reader.dimension) numbers, the catalogue's have \(dimension)")
    }
    let (snapshot, names) = engine.view()
    let allowed = try engine.searchFilter(for: filter, in: snapshot)
    let searcher = IndexSearcher(snapshot, workers: engine.workers)
    var block = VectorBlock()
    while try reader.read(upTo: Self.batch, into: &block) > 0 {
      for case .failure(let refusal) in block.items {
        throw FileError(
          .malformed, file: path, offset: refusal.offset, reason: "line \(refusal.line): \(refusal.reason)")
      }
      let queries: PreparedQueries
      do {
        queries = try PreparedQueries(block.vectors.span, dimension: dimension, metric: snapshot.metric)
      } catch {
        throw FileError(.malformed, file: path, reason: "vector \(block.firstRow + error.query): \(error.description)")
      }
      let answers = searcher.nearest(queries, k: k, effort: effort, within: limit, filter: allowed)
      for (index, found) in answers.enumerated() {
        let hits = found.neighbors.map { hit($0, snapshot, names) }
        try body(block.firstRow + index, Self.line(block.firstRow + index, hits), hits)
      }
    }
  }

  private func hit(_ neighbor: Neighbor, _ snapshot: IndexSnapshot, _ names: NameTable) -> Hit {
    let member = snapshot.members[neighbor.ordinal]
    return Hit(
      key: snapshot.keys[neighbor.ordinal], score: neighbor.score, member: member == 0 ? nil : names.members[member],
      work: snapshot.works.group(of: neighbor.ordinal).map { names.works[$0] })
  }

  private static func line(_ query: Int, _ hits: [Hit]) -> String {
    var encoder = AnswerEncoder()
    encoder.buffer.beginObject()
    encoder.buffer.name("query")
    encoder.buffer.number(query)
    encoder.buffer.name("hits")
    encoder.buffer.beginArray()
    for hit in hits {
      encoder.beginHit(key: hit.key.utf8.span, score: hit.score)
      if let member = hit.member { encoder.member(member.utf8.span) }
      if let work = hit.work { encoder.work(work.utf8.span) }
      encoder.endHit()
    }
    encoder.buffer.endArray()
    encoder.buffer.endObject()
    return String(decoding: encoder.buffer.bytes, as: UTF8.self)
  }
}
