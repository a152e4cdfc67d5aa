/// How closeness of two vectors is measured.
///
/// Every measure is turned into a *distance* that is smaller for nearer vectors; the index knows nothing else. Outside the
/// index callers see a *score*, larger for more similar, which is minus the distance.
///
/// To add a metric: add a case here, its distance in ``ExactScorer``, and its bound in ``ProductBound``.
public enum Metric: String, CaseIterable, Sendable {
  /// Cosine similarity: both sides are taken at unit length. The zero vector has none and is refused.
  case cosine
  /// Inner product of the vectors as they are.
  case innerProduct = "ip"
  /// Euclidean distance (not squared).
  case euclidean = "l2"

  /// The greatest length of a row or a query whose scores are certain to be 32-bit floats; infinite where lengths do not count.
  ///
  /// An inner product is at most the product of both lengths. A distance is squared on the way, and at most the sum of both lengths.
  var greatestLength: Double {
    let root = Double(Float.greatestFiniteMagnitude).squareRoot()
    return switch self {
    case .cosine: .infinity
    case .innerProduct: root
    case .euclidean: root / 2
    }
  }

  /// The score that callers see for a distance of this index: larger is more similar.
  ///
  /// - Parameter distance: A distance as ``ExactScorer`` writes it.
  /// - Returns: Minus the distance.
  @inlinable
  public static func score(ofDistance distance: Float) -> Float {
    // Not `-distance`: nothing should ever be shown as minus zero.
    0 - distance
  }

  /// The distance that belongs to a score: the inverse of ``score(ofDistance:)``.
  @inlinable
  public static func distance(ofScore score: Float) -> Float {
    0 - score
  }
}
