import Foundation

/// Any JSON value, for tests that look at whole documents.
public indirect enum JSONTree: Hashable, Sendable {
  /// The value `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONTree])
  /// An object.
  case object([String: JSONTree])

  /// Reads a text.
  ///
  /// - Parameter text: JSON.
  /// - Throws: Where it is none.
  public init(_ text: String) throws {
    self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
  }

  /// The member of a name, where this is an object that has it.
  public subscript(name: String) -> JSONTree? { object?[name] }
  /// The members, where this is an object.
  public var object: [String: JSONTree]? { if case .object(let members) = self { members } else { nil } }
  /// The elements, where this is a list.
  public var array: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }
  /// The text, where this is one.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The whole number, where this is one.
  public var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  /// The number, where this is one.
  public var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The value as JSON; the members of objects in the order of their names, so that unusual ones can be first.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): Self.quoted(value)
    case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C }) else { return "\"\(text)\"" }
    let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
    return "\"\(escaped.joined())\""
  }

  /// The value at a place.
  public func value(at path: ArraySlice<String>) -> JSONTree? {
    guard let step = path.first else { return self }
    let next = object?[step] ?? Int(step).flatMap { index in array.flatMap { index < $0.count ? $0[index] : nil } }
    return next?.value(at: path.dropFirst())
  }

  /// The same with another value at a place; nil takes a member away.
  public func replacing(_ path: ArraySlice<String>, with value: JSONTree?) -> JSONTree {
    guard let step = path.first else { return value ?? .null }
    switch self {
    case .object(var members):
      members[step] = path.count == 1 ? value : members[step]?.replacing(path.dropFirst(), with: value)
      return .object(members)
    case .array(var elements):
      guard let index = Int(step), index < elements.count else { return self }
      elements[index] = elements[index].replacing(path.dropFirst(), with: value)
      return .array(elements)
    default: return self
    }
  }
}

extension JSONTree: Decodable {
  /// Reads whatever stands there.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONTree].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }
}
