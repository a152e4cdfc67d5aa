/// Reads the parameters of each method.
///
/// Names that begin with `_` are passed over at every level; every other unknown name is refused, since a misspelt filter
/// that is ignored gives wrong answers.
struct ParameterDecoder {
  let limits: Limits

  /// Reads the parameters of a method.
  ///
  /// - Parameters:
  ///   - method: Whose they are.
  ///   - hasParams: Whether there are any; the scanner then stands before them.
  ///   - scanner: Reads them.
  ///   - vectors: Gets vectors.
  /// - Returns: What is asked.
  /// - Throws: `parse_error`, `invalid_params` or `too_large`.
  func decode(
    _ method: Method, hasParams: Bool, _ scanner: inout JSONScanner, _ vectors: VectorBuffer
  ) throws(WireError) -> RequestBody {
    switch method {
    case .hello: try hello(hasParams, &scanner)
    case .health: try none(.health, hasParams, &scanner)
    case .stats: try none(.stats, hasParams, &scanner)
    case .sync: try none(.sync, hasParams, &scanner)
    case .cancel: .cancel(try cancel(hasParams, &scanner))
    case .shutdown: try none(.shutdown, hasParams, &scanner)
    case .discover: try none(.discover, hasParams, &scanner)
    case .search: .search(try search(hasParams, &scanner, vectors))
    case .match: .match(try match(hasParams, &scanner, vectors))
    case .itemsGet: .itemsGet(try itemsGet(hasParams, &scanner))
    case .itemsCount: .itemsCount(try itemsCount(hasParams, &scanner))
    case .itemsUpsert: .itemsUpsert(try itemsUpsert(hasParams, &scanner, vectors))
    case .itemsRemove: .itemsRemove(try itemsRemove(hasParams, &scanner))
    case .itemsScroll: .itemsScroll(try itemsScroll(hasParams, &scanner))
    case .membersPut: .membersPut(try membersPut(hasParams, &scanner))
    case .membersRemove: .membersRemove(try registerRemove(hasParams, &scanner, ofWorks: false))
    case .worksPut: .worksPut(try worksPut(hasParams, &scanner))
    case .worksRemove: .worksRemove(try registerRemove(hasParams, &scanner, ofWorks: true))
    case .membersList: .membersList(try list(hasParams, &scanner, ofWorks: false))
    case .worksList: .worksList(try list(hasParams, &scanner, ofWorks: true))
    case .permissionsPut: .permissionsPut(try permissionsPut(hasParams, &scanner))
    case .permissionsRevoke: .permissionsRevoke(try permissionsRevoke(hasParams, &scanner))
    case .permissionsList: .permissionsList(try permissionsList(hasParams, &scanner))
    case .permissionsCheck: .permissionsCheck(try permissionsCheck(hasParams, &scanner))
    case .indexBuild: .indexBuild(try indexBuild(hasParams, &scanner))
    case .indexCompact: .indexCompact(try indexBuild(hasParams, &scanner))
    }
  }

  /// Calls `body` for every parameter; it answers whether it knows the name.
  @inline(__always)
  func forEach(
    _ hasParams: Bool, _ scanner: inout JSONScanner, known: @autoclosure () -> [String],
    _ body: (inout JSONScanner, JSONScanner.Name) throws(WireError) -> Bool
  ) throws(WireError) {
    guard hasParams else { return }
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      let name = scanner.name(key)
      if try body(&scanner, name) { continue }
      guard name.isIgnored else { throw .unknown(name.string, at: "/params", among: known()) }
      try scanner.skipValue()
    }
  }

  private func hello(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> RequestBody {
    try forEach(hasParams, &scanner, known: ["client", "protocol"]) { scanner, name throws(WireError) in
      switch name {
      case "client": _ = try text(&scanner, "client")
      case "protocol": _ = try text(&scanner, "protocol")
      default: return false
      }
      return true
    }
    return .hello
  }

  private func none(
    _ body: RequestBody, _ hasParams: Bool, _ scanner: inout JSONScanner
  ) throws(WireError) -> RequestBody {
    try forEach(hasParams, &scanner, known: []) { _, _ in false }
    return body
  }

  private func itemsGet(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> ItemsGetRequest {
    var request = ItemsGetRequest(keys: [])
    var hasKeys = false
    try forEach(hasParams, &scanner, known: ["keys", "with_attributes", "with_vectors"]) {
      scanner, name throws(WireError) in
      switch name {
      case "keys": (request.keys, hasKeys) = (try keys(&scanner), true)
      case "with_attributes": request.withAttributes = try bool(&scanner, "with_attributes")
      case "with_vectors": request.withVectors = try vectorFormat(&scanner)
      default: return false
      }
      return true
    }
    guard hasKeys else { throw .invalid("/params/keys", "keys is missing") }
    return request
  }

  func keys(_ scanner: inout JSONScanner) throws(WireError) -> [String] {
    guard try scanner.peek() == UInt8(ascii: "[") else {
      throw .invalid("/params/keys", "expected an array of strings")
    }
    var keys: [String] = []
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      guard let key = try scanner.takeText() else { throw .invalid("/params/keys/\(keys.count)", "expected a string") }
      guard keys.count < limits.keys else {
        throw WireError(
          .tooLarge, "a request names at most \(limits.keys) keys", pointer: "/params/keys", limit: limits.keys)
      }
      keys.append(key)
    }
    return keys
  }

  private func itemsCount(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> ItemsCountRequest {
    var request = ItemsCountRequest()
    try forEach(hasParams, &scanner, known: ["filter"]) { scanner, name throws(WireError) in
      guard case "filter" = name else { return false }
      request.filter = try filter(&scanner)
      return true
    }
    return request
  }

  private func list(_ hasParams: Bool, _ scanner: inout JSONScanner, ofWorks: Bool) throws(WireError) -> ListRequest {
    var request = ListRequest()
    let known = ["limit", "cursor"] + (ofWorks ? ["member"] : [])
    try forEach(hasParams, &scanner, known: known) { scanner, name throws(WireError) in
      switch name {
      case "limit": request.limit = try integer(&scanner, "limit", 1...limits.k)
      case "cursor": request.cursor = try text(&scanner, "cursor")
      case "member" where ofWorks: request.member = try text(&scanner, "member")
      default: return false
      }
      return true
    }
    return request
  }

  private func indexBuild(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> IndexBuildRequest {
    var request = IndexBuildRequest()
    try forEach(hasParams, &scanner, known: ["threads", "memory_bytes", "progress_token"]) {
      scanner, name throws(WireError) in
      switch name {
      case "progress_token": request.progressToken = try progressToken(&scanner)
      case "threads": request.threads = try integer(&scanner, "threads", 1...1024)
      case "memory_bytes":
        request.memory = try integer(&scanner, "memory_bytes", 1 << 20...Int(RequestID.greatestInteger))
      default: return false
      }
      return true
    }
    return request
  }

  // MARK: Values

  func filter(_ scanner: inout JSONScanner) throws(WireError) -> Filter? {
    if try scanner.takeNull() { return nil }
    var decoder = FilterDecoder(limits: limits)
    return try decoder.decode(&scanner, at: "/params/filter")
  }

  func bool(_ scanner: inout JSONScanner, _ name: StaticString) throws(WireError) -> Bool {
    guard let value = try scanner.takeBool() else { throw .invalid("/params/\(name)", "expected true or false") }
    return value
  }

  func text(_ scanner: inout JSONScanner, _ name: StaticString) throws(WireError) -> String {
    guard let value = try scanner.takeText() else { throw .invalid("/params/\(name)", "expected a string") }
    return value
  }

  func integer(
    _ scanner: inout JSONScanner, _ name: StaticString, _ range: ClosedRange<Int>
  ) throws(WireError) -> Int {
    guard let (value, written) = try scanner.takeAnyInteger() else {
      throw .invalid("/params/\(name)", "expected a whole number")
    }
    guard value >= range.lowerBound else {
      throw .invalid("/params/\(name)", "expected at least \(range.lowerBound)", got: written)
    }
    guard value <= range.upperBound else {
      throw WireError(
        .tooLarge, "\(name) is at most \(range.upperBound)", pointer: "/params/\(name)", limit: range.upperBound,
        got: written)
    }
    return value
  }

  /// Reads `with_vectors`: false, or the one form in which vectors are shown.
  func vectorFormat(_ scanner: inout JSONScanner) throws(WireError) -> Bool {
    if try scanner.takeBool() == false { return false }
    guard try scanner.peek() == UInt8(ascii: "\""), try scanner.takeText() == "f32le" else {
      throw .invalid("/params/with_vectors", "expected \"f32le\", the form in which vectors are shown, or false")
    }
    return true
  }
}
