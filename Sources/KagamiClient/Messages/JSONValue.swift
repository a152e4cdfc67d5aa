/// Any JSON value: for parameters and answers that have no type of their own here.
public enum JSONValue: Sendable, Hashable {
  /// The value `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction that fits 64 bits.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// Text.
  case string(String)
  /// An ordered list.
  case array([JSONValue])
  /// Named values.
  case object([String: JSONValue])
}

extension JSONValue {
  /// The text, if this is text.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, if this is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The whole number, if this is one.
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  /// The elements, if this is a list.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The named values, if this is an object.
  public var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }

  /// The number, if this is one.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value of a name, if this is an object that has it.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// The element at a position, if this is a list that long.
  public subscript(index: Int) -> JSONValue? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }
}
