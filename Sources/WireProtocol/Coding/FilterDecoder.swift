/// Reads filters.
struct FilterDecoder {
  let limits: Limits
  /// Conditions and nested filters so far.
  private var clauseCount = 0
  /// Values that conditions compare with, so far.
  var valueCount = 0

  init(limits: Limits) {
    self.limits = limits
  }

  /// Reads a filter.
  ///
  /// - Parameters:
  ///   - scanner: Stands before the value.
  ///   - pointer: Of the value.
  /// - Returns: The filter.
  /// - Throws: `parse_error`, `invalid_params` or `too_large`.
  mutating func decode(_ scanner: inout JSONScanner, at pointer: String) throws(WireError) -> Filter {
    guard try scanner.peek() == UInt8(ascii: "{") else {
      throw .invalid(pointer, "expected an object with must, should or must_not")
    }
    var filter = Filter()
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      switch scanner.name(key) {
      case "must": filter.must = try clauses(&scanner, "\(pointer)/must")
      case "should": filter.should = try clauses(&scanner, "\(pointer)/should")
      case "must_not": filter.mustNot = try clauses(&scanner, "\(pointer)/must_not")
      case let name where name.isIgnored: try scanner.skipValue()
      case let name: throw .unknown(name.string, at: pointer, among: ["must", "should", "must_not"])
      }
    }
    return filter
  }

  private mutating func clauses(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> [Filter.Clause] {
    guard try scanner.peek() == UInt8(ascii: "[") else { return [try clause(&scanner, pointer)] }
    var clauses: [Filter.Clause] = []
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      clauses.append(try clause(&scanner, "\(pointer)/\(clauses.count)"))
    }
    return clauses
  }

  /// A condition or a nested filter: the keys tell, wherever they stand.
  private mutating func clause(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> Filter.Clause {
    guard try scanner.peek() == UInt8(ascii: "{") else { throw .invalid(pointer, "expected a condition or a filter") }
    clauseCount += 1
    guard clauseCount <= limits.filterConditions else {
      throw WireError(
        .tooLarge, "a filter has at most \(limits.filterConditions) conditions", pointer: pointer,
        limit: limits.filterConditions)
    }
    let start = scanner.position
    let isFilter = try hasClauses(&scanner)
    scanner.rewind(to: start)
    return isFilter ? .filter(try decode(&scanner, at: pointer)) : .condition(try condition(&scanner, pointer))
  }

  private func hasClauses(_ scanner: inout JSONScanner) throws(WireError) -> Bool {
    var object = try scanner.beginObject()
    var found = false
    while let key = try scanner.nextKey(of: &object) {
      switch scanner.name(key) {
      case "must", "should", "must_not": found = true
      default: break
      }
      try scanner.skipValue()
    }
    return found
  }
}
