extension FilterDecoder {
  private static let tests = ["key", "match", "range", "is_empty", "exists"]

  /// Reads one condition.
  mutating func condition(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> FieldCondition {
    var field: String?
    var test: FieldCondition.Test?
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      let name = scanner.name(key)
      switch name {
      case "key":
        guard let text = try scanner.takeText() else {
          throw .invalid("\(pointer)/key", "expected the name of a field, as a string")
        }
        try note(text, as: &field, pointer)
      case "match": try note(try match(&scanner, "\(pointer)/match"), as: &test, pointer)
      case "range": try note(.range(try range(&scanner, "\(pointer)/range")), as: &test, pointer)
      case "is_empty":
        try note(try named(&scanner, "\(pointer)/is_empty"), as: &field, pointer)
        try note(.isEmpty, as: &test, pointer)
      case "exists":
        try note(try named(&scanner, "\(pointer)/exists"), as: &field, pointer)
        try note(.exists, as: &test, pointer)
      case _ where name.isIgnored: try scanner.skipValue()
      default: throw .unknown(name.string, at: pointer, among: Self.tests)
      }
    }
    guard let test else { throw .invalid(pointer, "a condition needs one of match, range, is_empty, exists") }
    guard let field else { throw .invalid(pointer, "a condition needs a key, the name of a field") }
    return FieldCondition(field: field, test: test)
  }

  private func note(_ name: String, as field: inout String?, _ pointer: String) throws(WireError) {
    guard field == nil else { throw .invalid(pointer, "a condition is about one field; there are two keys") }
    field = name
  }

  private func note(
    _ found: FieldCondition.Test, as test: inout FieldCondition.Test?, _ pointer: String
  ) throws(WireError) {
    guard test == nil else { throw .invalid(pointer, "a condition has one of match, range, is_empty, exists") }
    test = found
  }

  /// `{"key": NAME}`.
  private func named(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> String {
    let error = WireError.invalid(pointer, "expected {\"key\": the name of a field}")
    guard try scanner.peek() == UInt8(ascii: "{") else { throw error }
    var field: String?
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      switch scanner.name(key) {
      case "key":
        field = try scanner.takeText()
        if field == nil { throw error }
      case let name where name.isIgnored: try scanner.skipValue()
      case let name: throw .unknown(name.string, at: pointer, among: ["key"])
      }
    }
    guard let field else { throw error }
    return field
  }

  private mutating func match(
    _ scanner: inout JSONScanner, _ pointer: String
  ) throws(WireError) -> FieldCondition.Test {
    let error = WireError.invalid(pointer, "expected an object with one of value, any, except")
    guard try scanner.peek() == UInt8(ascii: "{") else { throw error }
    var test: FieldCondition.Test?
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      let name = scanner.name(key)
      if name.isIgnored {
        try scanner.skipValue()
        continue
      }
      guard test == nil else { throw error }
      switch name {
      case "value": test = .any([try value(&scanner, "\(pointer)/value")])
      case "any": test = .any(try values(&scanner, "\(pointer)/any"))
      case "except": test = .except(try values(&scanner, "\(pointer)/except"))
      default: throw .unknown(name.string, at: pointer, among: ["value", "any", "except"])
      }
    }
    guard let test else { throw error }
    return test
  }

  private mutating func values(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> [FilterValue] {
    guard try scanner.peek() == UInt8(ascii: "[") else { throw .invalid(pointer, "expected an array of values") }
    var values: [FilterValue] = []
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) { values.append(try value(&scanner, "\(pointer)/\(values.count)")) }
    return values
  }

  private mutating func value(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> FilterValue {
    valueCount += 1
    guard valueCount <= limits.filterValues else {
      throw WireError(
        .tooLarge, "a filter compares with at most \(limits.filterValues) values", pointer: pointer,
        limit: limits.filterValues)
    }
    if let text = try scanner.takeText() { return .string(text) }
    if let bool = try scanner.takeBool() { return .bool(bool) }
    switch try scanner.takeExactNumber(at: pointer) {
    case .integer(let integer): return .integer(integer)
    case .real(let real): return .real(real)
    case nil: throw .invalid(pointer, "expected a string, a number, true or false")
    }
  }

  private func range(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> FilterRange {
    guard try scanner.peek() == UInt8(ascii: "{") else {
      throw .invalid(pointer, "expected an object with gt, gte, lt or lte")
    }
    var range = FilterRange()
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      switch scanner.name(key) {
      case "gt": range.greaterThan = try bound(&scanner, "\(pointer)/gt")
      case "gte": range.atLeast = try bound(&scanner, "\(pointer)/gte")
      case "lt": range.lessThan = try bound(&scanner, "\(pointer)/lt")
      case "lte": range.atMost = try bound(&scanner, "\(pointer)/lte")
      case let name where name.isIgnored: try scanner.skipValue()
      case let name: throw .unknown(name.string, at: pointer, among: ["gt", "gte", "lt", "lte"])
      }
    }
    return range
  }

  private func bound(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> ExactNumber? {
    if try scanner.takeNull() { return nil }
    guard let bound = try scanner.takeExactNumber(at: pointer) else {
      throw .invalid(pointer, "expected a number or null")
    }
    return bound
  }
}
