/// One row that a search found, and how far it is from the query.
public struct Neighbor: Hashable, Sendable, BitwiseCopyable {
  /// Smaller is nearer; see ``Metric``.
  public var distance: Float
  /// The row.
  public var ordinal: UInt32

  /// A row at a distance.
  @inlinable
  public init(distance: Float, ordinal: UInt32) {
    self.distance = distance
    self.ordinal = ordinal
  }

  /// What callers see: larger is more similar.
  @inlinable
  public var score: Float { Metric.score(ofDistance: distance) }
}
