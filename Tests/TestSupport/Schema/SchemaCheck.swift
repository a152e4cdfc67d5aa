import Foundation
import Synchronization

/// Holds one value against one schema.
struct SchemaCheck {
  let document: SchemaDocument
  let isStrict: Bool

  private static let expressions = Mutex<[String: NSRegularExpression]>([:])

  /// Words about a value rather than demands.
  private static let words: Set<String> = ["description", "default", "summary"]

  func objections(to value: JSONTree, _ schema: JSONTree, at place: String) -> [String] {
    if case .bool(let allowed) = schema { return allowed ? [] : ["\(place): nothing is allowed here"] }
    guard let keywords = schema.object else { return ["\(place): no schema"] }
    return keywords.flatMap { keyword, demand in
      objection(to: value, keyword, demand, keywords, at: place)
    }
  }

  private func objection(
    to value: JSONTree, _ keyword: String, _ demand: JSONTree, _ schema: [String: JSONTree], at place: String
  ) -> [String] {
    func check(_ holds: Bool) -> [String] { holds ? [] : ["\(place): \(keyword) \(demand.text)"] }
    switch keyword {
    case _ where Self.words.contains(keyword): return []
    case "$ref": return objections(to: value, document.resolved(.object(schema.filter { $0.key == "$ref" })), at: place)
    case "type": return check(isOf(type: demand.string ?? "", value))
    case "enum": return check(demand.array?.contains(value) ?? false)
    case "const": return check(value == demand)
    case "minimum": return check(value.number.map { $0 >= demand.number ?? 0 } ?? true)
    case "maximum": return check(value.number.map { $0 <= demand.number ?? 0 } ?? true)
    case "exclusiveMinimum": return check(value.number.map { $0 > demand.number ?? 0 } ?? true)
    case "minLength": return check(value.string.map { $0.unicodeScalars.count >= demand.integer ?? 0 } ?? true)
    case "maxLength": return check(value.string.map { $0.unicodeScalars.count <= demand.integer ?? 0 } ?? true)
    case "minItems": return check(value.array.map { $0.count >= demand.integer ?? 0 } ?? true)
    case "maxItems": return check(value.array.map { $0.count <= demand.integer ?? 0 } ?? true)
    case "pattern": return check(value.string.map { matches($0, demand.string ?? "") } ?? true)
    case "anyOf": return check((demand.array ?? []).contains { objections(to: value, $0, at: place).isEmpty })
    case "allOf": return (demand.array ?? []).flatMap { objections(to: value, $0, at: place) }
    case "oneOf": return check((demand.array ?? []).count { objections(to: value, $0, at: place).isEmpty } == 1)
    case "required":
      return check(
        (demand.array ?? []).allSatisfy { name in value.object.map { $0[name.string ?? ""] != nil } ?? true })
    case "items":
      return (value.array ?? []).enumerated().flatMap { objections(to: $1, demand, at: "\(place)/\($0)") }
    case "properties": return members(of: value, schema, at: place)
    case "additionalProperties":
      guard schema["properties"] == nil, let members = value.object else { return [] }
      return members.flatMap { objections(to: $1, demand, at: "\(place)/\($0)") }
    case "patternProperties": return demand == .object(["^_": .bool(true)]) ? [] : ["\(place): unknown pattern"]
    default: return ["\(place): the keyword \(keyword) is not understood"]
    }
  }

  private func members(of value: JSONTree, _ schema: [String: JSONTree], at place: String) -> [String] {
    guard let members = value.object, let known = schema["properties"]?.object else { return [] }
    return members.flatMap { name, member -> [String] in
      if let schema = known[name] { return objections(to: member, schema, at: "\(place)/\(name)") }
      if schema["patternProperties"] != nil, name.hasPrefix("_") { return [] }
      let isRefused = schema["additionalProperties"] == .bool(false) || isStrict
      return isRefused ? ["\(place)/\(name): not described"] : []
    }
  }

  private func isOf(type: String, _ value: JSONTree) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
    case ("integer", .integer), ("number", .integer), ("number", .number): true
    default: false
    }
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    let expression = Self.expressions.withLock { known in
      let expression = known[pattern] ?? (try? NSRegularExpression(pattern: pattern))
      known[pattern] = expression
      return expression
    }
    return expression?.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }
}
