/// What a JSON value may be: the part of JSON Schema (draft 2020-12) that the protocol needs.
///
/// ```swift
/// Schema.list(.text(bytes: 1...128), 1...1000).said("who is permitted something")
/// ```
public struct Schema: Sendable {
  /// The shapes of values.
  indirect enum Form: Sendable {
    case any
    case null
    case bool
    /// Only false.
    case no
    /// Only true.
    case yes
    case integer(ClosedRange<Int>?)
    case number(above: Double?, upTo: Double?)
    /// Bytes of UTF-8, which are never fewer than characters, and a regular expression.
    case text(bytes: ClosedRange<Int>?, pattern: String?)
    case constants([String])
    case list(Schema, ClosedRange<Int>?)
    /// Members that are known; others are refused, or may come with a later version.
    case object([Property], isClosed: Bool)
    /// Members of any name.
    case map(Schema)
    /// One of those under `#/components/schemas`.
    case reference(String)
    case either([Schema])
  }

  /// Members of which some must be there.
  struct Condition: Sendable {
    /// Whether one set only may be there.
    var isExclusive: Bool
    var sets: [[String]]
  }

  var form: Form
  /// Which members must be there beyond those that always must.
  var conditions: [Condition] = []
  /// What the value means, for people.
  var summary: String?

  init(_ form: Form) {
    self.form = form
  }

  /// The same values, with words about them.
  func said(_ summary: String) -> Schema {
    var schema = self
    schema.summary = summary
    return schema
  }

  /// Objects that have all members of exactly one of some sets.
  func oneOf(_ sets: [String]...) -> Schema { demanding(Condition(isExclusive: true, sets: sets)) }

  /// Objects that have all members of at least one of some sets.
  func anyOf(_ sets: [String]...) -> Schema { demanding(Condition(isExclusive: false, sets: sets)) }

  private func demanding(_ condition: Condition) -> Schema {
    var schema = self
    schema.conditions.append(condition)
    return schema
  }
}

extension Schema {
  static let any = Schema(.any)
  static let bool = Schema(.bool)
  static let integer = Schema(.integer(nil))
  /// A whole number from 0.
  static let count = Schema(.integer(0...Int(RequestID.greatestInteger)))
  static let number = Schema(.number(above: nil, upTo: nil))
  static let text = Schema(.text(bytes: nil, pattern: nil))
  /// Any object.
  static let anyObject = Schema(.map(.any))

  static func integer(_ range: ClosedRange<Int>) -> Schema { Schema(.integer(range)) }

  static func number(above lower: Double? = nil, upTo upper: Double? = nil) -> Schema {
    Schema(.number(above: lower, upTo: upper))
  }

  static func text(bytes: ClosedRange<Int>? = nil, pattern: String? = nil) -> Schema {
    Schema(.text(bytes: bytes, pattern: pattern))
  }

  /// One of some texts.
  static func constants(_ values: [String]) -> Schema { Schema(.constants(values)) }

  static func list(_ element: Schema, _ count: ClosedRange<Int>? = nil) -> Schema { Schema(.list(element, count)) }

  /// What callers send: unknown members are refused, and those that begin with `_` passed over.
  static func closed(_ properties: [Property]) -> Schema { Schema(.object(properties, isClosed: true)) }

  /// What the engine sends: later versions may add members.
  static func open(_ properties: [Property]) -> Schema { Schema(.object(properties, isClosed: false)) }

  static func map(_ value: Schema) -> Schema { Schema(.map(value)) }

  static func reference(_ name: String) -> Schema { Schema(.reference(name)) }

  static func either(_ schemas: Schema...) -> Schema { Schema(.either(schemas)) }

  /// The same values, or null.
  var orNull: Schema { .either(self, Schema(.null)) }
}
