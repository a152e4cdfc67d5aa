/// What a float kernel computes from a query and a row.
public enum Measure: Sendable, CaseIterable {
  /// The inner product.
  case dot
  /// The square of the Euclidean distance.
  case squaredL2
}
