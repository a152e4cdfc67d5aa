/// A number that others are compared with, exactly: whole ones of 64 bits are not rounded to doubles.
public enum Number: Hashable, Sendable {
  /// A whole number.
  case integer(Int64)
  /// A number that is not whole, or too large to be a whole one of 64 bits.
  case real(Double)
}

extension Number: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A whole number.
  public init(integerLiteral integer: Int64) { self = .integer(integer) }

  /// The number that a double stands for.
  public init(floatLiteral double: Double) { self = .real(double) }
}
