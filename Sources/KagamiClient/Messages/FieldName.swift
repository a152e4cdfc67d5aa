/// Any field name, for objects whose fields are not all known beforehand.
struct FieldName: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init(stringLiteral value: String) { stringValue = value }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<FieldName> {
  /// The fields besides those that have a place of their own.
  func decodeOthers(than known: Set<String>) throws -> [String: JSONValue] {
    var others: [String: JSONValue] = [:]
    for name in allKeys where !known.contains(name.stringValue) {
      others[name.stringValue] = try decode(JSONValue.self, forKey: name)
    }
    return others
  }
}
