import VectorKernels

/// Query vectors as the scorers read them: aligned, and at unit length under cosine.
///
/// Immutable once made, so that many workers may read it.
@safe
public final class PreparedQueries: Sendable {
  /// How many queries there are.
  public let count: Int
  /// Numbers a query.
  public let dimension: Int
  /// How they will be compared with rows.
  public let metric: Metric
  /// The Euclidean length of each query as it is used: 1 under cosine, up to rounding.
  let norms: [Float]
  /// Floats from one query to the next.
  let stride: Int
  private let numbers: AlignedBuffer<Float>

  /// Copies and prepares queries.
  ///
  /// - Parameters:
  ///   - vectors: The queries one after another: count × dimension finite numbers.
  ///   - dimension: Numbers a query.
  ///   - metric: How they will be compared.
  /// - Throws: ``QueryRefusal`` for a query that has no direction under cosine, or whose length is no float under the others.
  /// - Complexity: O(*count* · *d*).
  public init(_ vectors: Span<Float>, dimension: Int, metric: Metric) throws(QueryRefusal) {
    precondition(dimension > 0 && vectors.count % dimension == 0)
    let count = vectors.count / dimension
    let stride = (dimension + 15) & ~15
    let numbers = AlignedBuffer<Float>(zeroed: count * stride)
    var norms: [Float] = []
    norms.reserveCapacity(count)
    for query in 0..<count {
      let source = vectors.extracting(query * dimension..<(query + 1) * dimension)
      // SAFETY: the buffer has `stride` ≥ `dimension` floats for each of `count` queries.
      let norm = unsafe Self.copy(source, to: numbers.base + query * stride, metric: metric)
      guard let norm else { throw QueryRefusal(query: query, isZero: metric == .cosine) }
      norms.append(norm)
    }
    self.count = count
    self.dimension = dimension
    self.metric = metric
    self.norms = norms
    self.stride = stride
    self.numbers = numbers
  }

  /// Where a query lies; valid as long as this object.
  func pointer(to query: Int) -> UnsafePointer<Float> {
    precondition(query >= 0 && query < count)
    // SAFETY: the query's number was checked on the line above.
    return unsafe UnsafePointer(numbers.base + query * stride)
  }

  /// Some queries as the left side of a product; valid as long as this object.
  func matrix(of block: Range<Int>) -> UnsafeMatrix {
    precondition(block.upperBound <= count)
    // SAFETY: the rows of the matrix are the prepared queries of the block.
    return unsafe UnsafeMatrix(pointer(to: block.lowerBound), rows: block.count, columns: dimension, stride: stride)
  }

  /// Copies one query; nil where it cannot be compared with anything.
  private static func copy(_ source: Span<Float>, to target: UnsafeMutablePointer<Float>, metric: Metric) -> Float? {
    // The length in double: the squares of small and large floats would not fit into floats.
    var squared = 0.0
    for index in source.indices { squared += Double(source[index]) * Double(source[index]) }
    let norm = squared.squareRoot()
    guard norm.isFinite, metric == .cosine || norm <= metric.greatestLength else { return nil }
    guard metric == .cosine else {
      // SAFETY: the caller gives room for one query.
      for index in source.indices { unsafe target[index] = source[index] }
      return Float(norm)
    }
    guard norm > 0 else { return nil }
    // SAFETY: as above.
    for index in source.indices { unsafe target[index] = Float(Double(source[index]) / norm) }
    return 1
  }
}

/// A query that cannot be compared with anything.
public struct QueryRefusal: Error, Hashable, Sendable {
  /// Which one, from 0.
  public let query: Int
  /// Whether it has length zero under cosine; otherwise its length is too large.
  public let isZero: Bool
}

extension QueryRefusal: CustomStringConvertible {
  /// The sentence that a person reads.
  public var description: String {
    isZero
      ? "the vector has length zero, and cosine similarity needs a direction"
      : "the vector is too long for 32-bit floats to hold its scores; divide all vectors by the same number"
  }
}
