/// A number as it was written: a whole one of 64 bits exactly, any other as the nearest double.
///
/// Equal numbers are equal however they were written: 1000, 1e3 and 1000.0.
public enum ExactNumber: Hashable, Sendable {
  /// A whole number of 64 bits.
  case integer(Int64)
  /// Any other number; finite where it was read from JSON.
  case real(Double)

  /// The number that a double stands for.
  public init(_ double: Double) {
    self = Int64(exactly: double).map(Self.integer) ?? .real(double)
  }

  /// The nearest double.
  public var double: Double {
    switch self {
    case .integer(let integer): Double(integer)
    case .real(let double): double
    }
  }
}

extension ExactNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A whole number.
  public init(integerLiteral integer: Int64) { self = .integer(integer) }

  /// The number that a double stands for.
  public init(floatLiteral double: Double) { self.init(double) }
}
