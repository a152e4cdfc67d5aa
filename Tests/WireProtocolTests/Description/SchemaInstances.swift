import TestSupport

/// Values that a schema allows: each member, each alternative and each bound once.
struct SchemaInstances {
  let document: SchemaDocument
  /// References that are being followed, so that a filter in a filter in a filter ends.
  private var trail: [String] = []

  /// Lists beyond this length are left to the tests of limits.
  private static let longest = 20_000

  init(_ document: SchemaDocument) {
    self.document = document
  }

  /// The values; the first is the least.
  func of(_ schema: JSONTree) -> [JSONTree] {
    if let place = schema["$ref"]?.string { return following(place, schema) }
    if let constant = schema["const"] { return [constant] }
    if let values = schema["enum"]?.array { return values }
    switch schema["type"]?.string {
    case "null": return [.null]
    case "boolean": return [.bool(true), .bool(false)]
    case "integer": return [schema["minimum"] ?? .integer(0), schema["maximum"] ?? .integer(1)]
    case "number": return numbers(schema)
    case "string": return texts(schema)
    case "array": return lists(schema)
    case "object": return schema["properties"] == nil ? [.object([:]), .object(["a": .integer(1)])] : objects(schema)
    default: return (schema["anyOf"]?.array ?? []).flatMap(of)
    }
  }

  private func following(_ place: String, _ schema: JSONTree) -> [JSONTree] {
    if place.hasSuffix("/packed_vector") { return packed(many: false) }
    if place.hasSuffix("/packed_vectors") { return packed(many: true) }
    guard trail.count(where: { $0 == place }) < 2 else { return [] }
    var deeper = self
    deeper.trail.append(place)
    var values = deeper.of(document.resolved(schema))
    // What is made after a schema meets it; more may be asked of it here.
    if (schema.object?.count ?? 0) > 1 { values.removeAll { !document.objections(to: $0, schema).isEmpty } }
    // Deep inside a few stand for all.
    return trail.count { $0.hasSuffix("/filter") } > 1 ? Array(values.prefix(4)) : values
  }

  /// Base64 says nothing of itself in a schema: one vector of two numbers in every form.
  private func packed(many: Bool) -> [JSONTree] {
    let forms = [
      ("f32le", Packing.f32([0.5, 0.25])), ("f16le", Packing.f16([0x3800, 0x3400])), ("i8", Packing.i8([1, 2])),
    ]
    var values = forms.map { type, text -> [String: JSONTree] in
      ["b64": .string(text), "dtype": .string(type), "shape": .array([.integer(1), .integer(2)])]
    }
    values.append(values[2].merging(["scale": .number(0.5)]) { $1 })
    if !many { values += [["b64": values[0]["b64"] ?? .null, "dtype": .string("f32le")]] }
    if !many { values += [values[0].merging(["shape": .array([.integer(2)])]) { $1 }] }
    return values.map(JSONTree.object)
  }

  private func numbers(_ schema: JSONTree) -> [JSONTree] {
    [.number(0.5)] + (schema["maximum"].map { [$0] } ?? [])
  }

  private func texts(_ schema: JSONTree) -> [JSONTree] {
    let longest = String(repeating: "a", count: schema["maxLength"]?.integer ?? 1)
    return ["a", longest, "2025-03-01", "2025-03-01T00:00:00.250Z", "JP", "worldwide", "training"].map(JSONTree.string)
      .filter { document.objections(to: $0, schema).isEmpty }.prefix(2).map { $0 }
  }

  private func lists(_ schema: JSONTree) -> [JSONTree] {
    let elements = of(schema["items"] ?? .null)
    guard let first = elements.first else { return [.array([])] }
    let least = schema["minItems"]?.integer ?? 0
    var lists = elements.map { JSONTree.array([JSONTree](repeating: $0, count: max(1, least))) }
    if least == 0 { lists.append(.array([])) }
    if let most = schema["maxItems"]?.integer, most <= Self.longest {
      lists.append(.array([JSONTree](repeating: first, count: most)))
    }
    return lists
  }

  /// The sets of members that conditions ask for, one of each condition.
  private func choices(_ schema: JSONTree) -> [[String]] {
    let conditions = schema["allOf"]?.array ?? [schema]
    return conditions.reduce([[]]) { choices, condition in
      let sets = ((condition["oneOf"] ?? condition["anyOf"])?.array ?? []).map {
        ($0["required"]?.array ?? []).compactMap(\.string)
      }
      return sets.isEmpty ? choices : choices.flatMap { choice in sets.map { choice + $0 } }
    }
  }

  private func objects(_ schema: JSONTree) -> [JSONTree] {
    let properties = schema["properties"]?.object ?? [:]
    let always = (schema["required"]?.array ?? []).compactMap(\.string)
    return choices(schema).flatMap { chosen -> [JSONTree] in
      let names = always + chosen
      var base: [String: JSONTree] = [:]
      for name in names {
        guard let value = of(properties[name] ?? .null).first else { return [] }
        base[name] = value
      }
      let others = properties.sorted { $0.key < $1.key }.flatMap { name, schema in
        of(schema).filter { $0 != base[name] }.map { base.merging([name: $0]) { $1 } }
      }
      let values = ([base] + others).map(JSONTree.object)
      let isFree = ["oneOf", "anyOf", "allOf"].allSatisfy { schema[$0] == nil }
      return isFree ? values : values.filter { document.objections(to: $0, schema).isEmpty }
    }
  }
}

extension SchemaDocument {
  /// The closed objects in a value, by place.
  func closedObjects(in value: JSONTree, _ schema: JSONTree, at path: [String] = []) -> [(
    path: [String], schema: JSONTree
  )] {
    let schema = resolved(schema)
    if schema["type"] == nil, let alternatives = schema["anyOf"]?.array {
      let fitting = alternatives.first { objections(to: value, $0).isEmpty }
      return fitting.map { closedObjects(in: value, $0, at: path) } ?? []
    }
    if let elements = value.array, let element = schema["items"] {
      return elements.prefix(2).enumerated().flatMap { closedObjects(in: $1, element, at: path + ["\($0)"]) }
    }
    guard let members = value.object, let properties = schema["properties"]?.object else { return [] }
    let own = schema["additionalProperties"] == .bool(false) ? [(path, schema)] : []
    return own
      + members.flatMap { name, member in
        properties[name].map { closedObjects(in: member, $0, at: path + [name]) } ?? []
      }
  }
}
