/// Why a vector cannot become a row.
///
/// A fact of the vector; nothing was written.
public enum RowRefusal: Error, Hashable, Sendable {
  /// The vector has another number of numbers than the rows.
  case wrongDimension(found: Int, expected: Int)
  /// A number is NaN or infinite.
  case notFinite(index: Int)
  /// A number is beyond what f16 can hold, or the vector is too long for its scores to be floats; never under cosine.
  case tooLarge(index: Int?)
  /// Numbers are so small that f16 would change the vector by more than a thousandth of its length; never under cosine.
  case tooSmall
  /// The vector has no direction, and the metric is cosine.
  case zeroNorm
}

extension RowRefusal: CustomStringConvertible {
  /// The sentence that a person reads.
  public var description: String {
    switch self {
    case .wrongDimension(let found, let expected): "the vector has \(found) numbers, the catalogue's have \(expected)"
    case .notFinite(let index): "number \(index) is not finite"
    case .tooLarge(let index?):
      "number \(index) is too large for f16 storage, which ends at 65,504; use a catalogue with f32 storage, or divide all vectors by the same number"
    case .tooLarge(nil):
      "the vector is too long for 32-bit floats to hold its scores; divide all vectors by the same number"
    case .tooSmall:
      "the vector is too small for f16 storage, which would change it by more than 1/1024 of its length; use a catalogue with f32 storage, or multiply all vectors by the same number"
    case .zeroNorm: "the vector has length zero, and cosine similarity needs a direction"
    }
  }
}
