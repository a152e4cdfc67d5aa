import VectorIndex

/// Counts what was found of the exact answer.
///
/// A row counts if it scores at least as well as the last of the exact ones, whichever of several equal rows it is.
struct Recall {
  private let data: DataFolder
  private let rows: [Float]

  /// Scores are sums of rounded products; they may differ in the last digits.
  private static let tolerance: Float = 1e-6

  init(_ data: DataFolder) throws {
    self.data = data
    rows = try data.rows()
  }

  /// The score of the last exact row of every query; minus infinity for one that may find nothing.
  func limits(_ exact: [[UInt32]]) -> [Float] {
    exact.enumerated().map { query, list in list.last.map { score(query, $0) } ?? -.infinity }
  }

  /// The share of the exact answer that was found.
  ///
  /// - Parameters:
  ///   - found: The answers to the first queries.
  ///   - limits: See ``limits(_:)``.
  ///   - counts: How many rows the exact answer to each query has.
  /// - Returns: 1 if everything was found.
  func share(_ found: [[UInt32]], limits: [Float], counts: [Int]) -> Double {
    var hits = 0
    for (query, list) in found.enumerated() {
      let slack = Self.tolerance * (data.metric == .euclidean ? max(1, abs(limits[query])) : 1)
      let good = Set(list).count { score(query, $0) >= limits[query] - slack }
      hits += min(good, counts[query])
    }
    return Double(hits) / Double(max(1, counts.reduce(0, +)))
  }

  /// Larger is nearer.
  private func score(_ query: Int, _ row: UInt32) -> Float {
    let (query, row) = (query * data.dimension, Int(row) * data.dimension)
    var (product, squares, difference) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    for at in 0..<data.dimension {
      let (a, b) = (data.queries[query + at], rows[row + at])
      product[at & 7] += a * b
      squares[at & 7] += b * b
      difference[at & 7] += (a - b) * (a - b)
    }
    switch data.metric {
    case .innerProduct: return product.sum()
    // The query's own length is the same for every row.
    case .cosine: return product.sum() / squares.sum().squareRoot()
    case .euclidean: return -difference.sum()
    }
  }
}
