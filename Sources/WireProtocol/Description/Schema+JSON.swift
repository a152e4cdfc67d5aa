extension ByteBuffer {
  /// Writes a schema as an object of JSON Schema.
  ///
  /// - Parameters:
  ///   - schema: What to write.
  ///   - fallback: The value of `default`, as JSON.
  mutating func write(_ schema: Schema, default fallback: String? = nil) {
    beginObject()
    write(schema.form)
    if schema.conditions.count == 1 {
      write(schema.conditions[0])
    } else if !schema.conditions.isEmpty {
      name("allOf")
      beginArray()
      for condition in schema.conditions {
        beginObject()
        write(condition)
        endObject()
      }
      endArray()
    }
    if let summary = schema.summary {
      name("description")
      string(summary)
    }
    if let fallback {
      name("default")
      raw(fallback)
    }
    endObject()
  }

  /// Writes members of which some must be there.
  mutating func write(_ condition: Schema.Condition) {
    if condition.isExclusive { name("oneOf") } else { name("anyOf") }
    beginArray()
    for set in condition.sets {
      beginObject()
      required(set)
      endObject()
    }
    endArray()
  }

  private mutating func write(_ form: Schema.Form) {
    switch form {
    case .any: break
    case .null: type("null")
    case .bool: type("boolean")
    case .no, .yes:
      name("const")
      if case .yes = form { bool(true) } else { bool(false) }
    case .integer(let range):
      type("integer")
      bounds("minimum", range?.lowerBound, "maximum", range?.upperBound)
    case .number(let above, let upTo): writeNumber(above: above, upTo: upTo)
    case .text(let bytes, let pattern): writeText(bytes, pattern)
    case .constants(let values):
      name("enum")
      strings(values)
    case .list(let element, let count):
      type("array")
      name("items")
      write(element)
      bounds("minItems", count?.lowerBound, "maxItems", count?.upperBound)
    case .object(let properties, let isClosed): write(properties, isClosed: isClosed)
    case .map(let value):
      type("object")
      if case .any = value.form { break }
      name("additionalProperties")
      write(value)
    case .reference(let place):
      name("$ref")
      string("#/components/schemas/\(place)")
    case .either(let schemas):
      name("anyOf")
      beginArray()
      for schema in schemas { write(schema) }
      endArray()
    }
  }

  private mutating func writeNumber(above: Double?, upTo: Double?) {
    type("number")
    if let above {
      name("exclusiveMinimum")
      number(above)
    }
    if let upTo {
      name("maximum")
      number(upTo)
    }
  }

  private mutating func writeText(_ bytes: ClosedRange<Int>?, _ pattern: String?) {
    type("string")
    bounds("minLength", bytes?.lowerBound, "maxLength", bytes?.upperBound)
    if let pattern {
      name("pattern")
      string(pattern)
    }
  }

  private mutating func write(_ properties: [Property], isClosed: Bool) {
    type("object")
    name("properties")
    beginObject()
    for property in properties {
      name(text: property.name)
      write(property.schema, default: property.fallback)
    }
    endObject()
    required(properties.filter(\.isRequired).map(\.name))
    guard isClosed else { return }
    name("patternProperties")
    raw(#"{"^_":true}"#)
    name("additionalProperties")
    bool(false)
  }

  private mutating func required(_ names: [String]) {
    guard !names.isEmpty else { return }
    name("required")
    strings(names)
  }

  private mutating func type(_ type: String) {
    name("type")
    string(type)
  }

  private mutating func bounds(_ lower: StaticString, _ least: Int?, _ upper: StaticString, _ greatest: Int?) {
    if let least {
      name(lower)
      number(least)
    }
    if let greatest {
      name(upper)
      number(greatest)
    }
  }

  private mutating func strings(_ values: [String]) {
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
