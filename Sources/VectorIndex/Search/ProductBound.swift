/// How far a score from a product of matrices may lie from the distance that the fixed-order kernel computes.
///
/// Products find candidates: fast, but their additions happen in an order that depends on the library, the batch and the processor. A row is
/// a candidate unless its product shows that its exact distance lies beyond the bound whatever the order was. The error of an
/// inner product of *d* terms is at most γ·‖q‖‖x‖ with γ = *d*·u/(1 − *d*·u), u = 2⁻²⁴ (Higham 2002, §3.1), for the product
/// and for the kernel alike; scaling rows by their norms and forming a squared distance add a few u more.
struct ProductBound {
  private let metric: Metric
  private let relative: Float

  /// The bound for one metric and dimension.
  init(metric: Metric, dimension: Int) {
    self.metric = metric
    let terms = Float(2 * dimension + 64) * 0x1p-24
    relative = terms / (1 - min(terms, 0.5))
  }

  /// What the product may be off by, together with what the kernel may be off by.
  ///
  /// - Parameters:
  ///   - query: The query's norm.
  ///   - rows: The greatest norm among the rows of the product, as they enter it.
  /// - Returns: A width on either side, not negative.
  func margin(query: Float, rows: Float) -> Float {
    let scale = metric == .euclidean ? (query + rows) * (query + rows) : query * rows
    return relative * scale + .leastNormalMagnitude
  }

  /// The least product that a row within a distance can have.
  ///
  /// Under cosine and inner product the product is minus the distance. Under L2 it is (‖q‖² − distance²)/2, the row's −‖x‖²/2 added.
  ///
  /// - Parameters:
  ///   - distance: The greatest distance of interest; infinity gives minus infinity.
  ///   - query: The query's norm.
  ///   - margin: From ``margin(query:rows:)``.
  /// - Returns: A row whose product is smaller lies beyond the distance.
  func leastProduct(within distance: Float, query: Float, margin: Float) -> Float {
    guard distance < .infinity else { return -.infinity }
    guard metric == .euclidean else { return -distance - margin }
    guard distance >= 0 else { return .infinity }
    return (query * query - distance * distance) / 2 - margin
  }
}
