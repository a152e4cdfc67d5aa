/// The one total order of results: nearer first, and at the same distance the smaller key.
///
/// Because it is total and keys are unique, the best *k* of a set of rows are a fact of the set: the order in which rows are offered, the
/// batch and the thread cannot change them.
public struct ResultOrder: Sendable {
  let keys: KeyColumn

  /// An order whose ties these keys decide.
  public init(keys: KeyColumn) {
    self.keys = keys
  }

  /// Whether `a` is shown before `b`.
  @inline(__always)
  public func precedes(_ a: Neighbor, _ b: Neighbor) -> Bool {
    if a.distance != b.distance { return a.distance < b.distance }
    return a.ordinal != b.ordinal && keys.precedes(a.ordinal, b.ordinal)
  }
}
