/// A member of an object, or a parameter of a method.
public struct Property: Sendable {
  /// What it is called.
  let name: String
  /// What it may be.
  let schema: Schema
  /// Whether it must be there.
  let isRequired: Bool
  /// What it is where it is not there, as JSON.
  let fallback: String?

  private init(_ name: String, _ schema: Schema, _ summary: String?, isRequired: Bool, fallback: String?) {
    self.name = name
    self.schema = summary.map { schema.said($0) } ?? schema
    self.isRequired = isRequired
    self.fallback = fallback
  }

  /// A member that must be there.
  static func needed(_ name: String, _ schema: Schema, _ summary: String? = nil) -> Property {
    Property(name, schema, summary, isRequired: true, fallback: nil)
  }

  /// A member that may be there.
  static func maybe(_ name: String, _ schema: Schema, _ summary: String? = nil, default fallback: String? = nil)
    -> Property
  {
    Property(name, schema, summary, isRequired: false, fallback: fallback)
  }
}
