/// What a walk knows of its query once it has come to where the best rows are.
struct QueryTraits: Hashable, Sendable {
  /// The squared distance of the *k*-th best over that of a later row (the 20th for ten), 0 to 1: near 1 there is no telling who is nearest.
  var contrast: Float
  /// The distance of the *k*-th best; 1 is that of a row at a right angle to the query.
  var remoteness: Float
  /// The squared distance of the best over that of the *k*-th best, 0 to 1.
  var evenness: Float

  /// Of a query of which nothing is known.
  static let unknown = QueryTraits(contrast: 1, remoteness: 1, evenness: 1)
}

/// How hard a query is: the part of its neighbours that a walk of little effort is expected to miss, as a linear function of its traits.
///
/// Only the order and the differences of hardnesses are used, so that it does not matter whether misses are linear in them.
struct HardnessModel: Hashable, Sendable {
  var contrast: Float
  var remoteness: Float
  var evenness: Float
  var constant: Float

  /// Contrast alone, for queries of which nothing else has been learnt.
  static let contrastAlone = HardnessModel(contrast: 1, remoteness: 0, evenness: 0, constant: 0)

  /// How hard a query is.
  @inline(__always)
  func hardness(of traits: QueryTraits) -> Float {
    contrast * traits.contrast + remoteness * traits.remoteness + evenness * traits.evenness + constant
  }
}
