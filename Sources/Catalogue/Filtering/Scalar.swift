/// A value that a field is compared with.
///
/// Values of different types are never equal: neither `true` and 1, nor `"1"` and 1. A whole number equals a real one of
/// the same value.
public enum Scalar: Hashable, Sendable {
  /// A text, compared byte by byte.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// A number that is not whole, or too large for a whole one; equal to no ``integer(_:)``.
  case real(Double)
  /// A truth value.
  case bool(Bool)

  /// Whether both are of the same type and value; texts, of the same bytes.
  public static func == (left: Scalar, right: Scalar) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): ExactText(left) == ExactText(right)
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    default: false
    }
  }
}
