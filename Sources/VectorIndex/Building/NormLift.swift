/// One more coordinate for building under inner product, which makes long rows and short ones equally long.
///
/// Nearest by inner product are long rows, and those would have edges only to short ones, which lie in the middle and so nearer to all. With a
/// coordinate √(*M*² − ‖x‖²) in addition, *M* the length of the longest, the nearest by distance are the nearest by inner product. Walks
/// need not know: a query has 0 there.
///
/// Reduction of inner product search to Euclidean search (Bachrach et al. 2014).
struct NormLift: Sendable {
  /// The square of the length that rows are brought to; nil where nothing is to be done, as rows are equally long.
  private let squaredLength: Float?

  /// Rows whose lengths are looked at.
  private static let sampleSize = 20_000

  /// Finds the length for the first `count` rows of a store.
  ///
  /// Not that of the very longest: a few rows far beyond the others would make these look alike.
  init(of rows: RowStore, count: Int, metric: Metric) {
    guard metric == .innerProduct, count > 0 else {
      squaredLength = nil
      return
    }
    let step = (count + Self.sampleSize - 1) / Self.sampleSize
    let norms = stride(from: 0, to: count, by: step).map { rows.norm(of: Ordinal(UInt32($0))) }.sorted()
    let longest = norms[(norms.count - 1) * 199 / 200]
    squaredLength = norms[norms.count / 20] > 0.98 * longest ? nil : longest * longest
  }

  /// The additional coordinate of a row of that length.
  @inline(__always)
  func coordinate(norm: Float) -> Float {
    guard let squaredLength else { return 0 }
    return max(squaredLength - norm * norm, 0).squareRoot()
  }
}
