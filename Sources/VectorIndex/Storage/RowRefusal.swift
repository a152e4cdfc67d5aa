/// Why a vector cannot become a row.
///
/// A fact of the vector; nothing was written.
public enum RowRefusal: Error, Hashable, Sendable {
  /// The vector has another number of numbers than the rows.
  case wrongDimension(found: Int, expected: Int)
  /// A number is NaN or infinite.
  case notFinite(index: Int)
  /// A number is beyond what the storage can hold (65,504 for f16), or the vector is too long for its length to be a float.
  case tooLarge(index: Int?)
  /// The vector has no direction, and the metric is cosine. Numbers too small for f16 count as zero.
  case zeroNorm
}

extension RowRefusal: CustomStringConvertible {
  /// The sentence that a person reads.
  public var description: String {
    switch self {
    case .wrongDimension(let found, let expected): "the vector has \(found) numbers, the catalogue's have \(expected)"
    case .notFinite(let index): "number \(index) is not finite"
    case .tooLarge(let index?): "number \(index) is too large for the catalogue's storage"
    case .tooLarge(nil): "the vector is too long for its length to be computed"
    case .zeroNorm: "the vector has length zero, and cosine similarity needs a direction"
    }
  }
}
