/// Reads the members of a line around its parameters.
struct EnvelopeReader {
  let limits: Limits

  /// What was found so far.
  private struct Envelope {
    var isVersioned = false
    var id: RequestID?
    var method: Method?
    /// Where the parameters begin.
    var params: Int?
    var body: RequestBody?
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - scanner: Stands at the beginning of the line.
  ///   - vectors: Gets the vectors of the request.
  /// - Returns: The request.
  /// - Throws: Why it is none: the first reason from the left that shows without looking back.
  func request(_ scanner: inout JSONScanner, _ vectors: VectorBuffer) throws(WireError) -> Request {
    let first = try scanner.peek()
    guard first == UInt8(ascii: "{") else {
      let isArray = first == UInt8(ascii: "[")
      throw WireError(
        .invalidRequest, isArray ? "batches are not taken; send one request a line" : "a request is a JSON object",
        offset: scanner.position)
    }
    var envelope = Envelope()
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      try member(scanner.name(key), into: &envelope, &scanner, vectors)
    }
    try scanner.expectEnd()
    return try finish(envelope, &scanner, vectors)
  }

  @inline(__always)
  private func member(
    _ name: JSONScanner.Name, into envelope: inout Envelope, _ scanner: inout JSONScanner, _ vectors: VectorBuffer
  ) throws(WireError) {
    switch name {
    case "jsonrpc":
      try version(&scanner)
      envelope.isVersioned = true
    case "id": envelope.id = try id(&scanner)
    case "method": envelope.method = try method(&scanner)
    case "params":
      // Clients that always write the member write null where there is nothing to say.
      if try scanner.takeNull() { return }
      guard try scanner.peek() == UInt8(ascii: "{") else {
        throw WireError(
          .invalidRequest, "params must be an object; positional parameters are not taken", pointer: "/params")
      }
      envelope.params = scanner.position
      if let method = envelope.method {
        envelope.body = try body(of: method, hasParams: true, &scanner, vectors)
      } else {
        try scanner.skipValue()
      }
    case _ where name.isIgnored: try scanner.skipValue()
    default:
      throw WireError(
        .invalidRequest, "unknown member; a request has jsonrpc, id, method, params",
        pointer: "/\(WireError.escaped(name.string))")
    }
  }

  private func finish(
    _ envelope: Envelope, _ scanner: inout JSONScanner, _ vectors: VectorBuffer
  ) throws(WireError) -> Request {
    guard envelope.isVersioned else {
      throw WireError(.invalidRequest, "jsonrpc is missing; it must be \"2.0\"", pointer: "/jsonrpc")
    }
    guard let method = envelope.method else {
      throw WireError(.invalidRequest, "method is missing", pointer: "/method")
    }
    guard let id = envelope.id else {
      throw WireError(
        .invalidRequest, "id is missing; every request is answered, there are no notifications", pointer: "/id")
    }
    if let body = envelope.body { return Request(id: id, body: body) }
    if let start = envelope.params { scanner.rewind(to: start) }
    return Request(id: id, body: try body(of: method, hasParams: envelope.params != nil, &scanner, vectors))
  }

  // MARK: Members

  private func version(_ scanner: inout JSONScanner) throws(WireError) {
    let text = try scanner.takeText()
    guard text == "2.0" else {
      throw WireError(.invalidRequest, "jsonrpc must be \"2.0\"", pointer: "/jsonrpc", got: text)
    }
  }

  private func id(_ scanner: inout JSONScanner) throws(WireError) -> RequestID {
    if let integer = try scanner.takeInteger() { return .integer(integer) }
    if let text = try scanner.takeText(), 1...RequestID.greatestLength ~= text.utf8.count { return .string(text) }
    throw WireError(
      .invalidRequest, "id must be a string of 1 to \(RequestID.greatestLength) bytes or an integer within ±(2^53 − 1)",
      pointer: "/id")
  }

  private func method(_ scanner: inout JSONScanner) throws(WireError) -> Method {
    guard try scanner.peek() == UInt8(ascii: "\"") else {
      throw WireError(.invalidRequest, "method must be a string", pointer: "/method")
    }
    let text = try scanner.string()
    if let method = Method(scanner.name(text)) { return method }
    let name = scanner.text(of: text)
    let near = Nearest.name(to: name, among: Method.allCases.map(\.rawValue))
    throw WireError(
      .methodNotFound, "there is no such method" + (near.map { "; did you mean \($0)?" } ?? ""), pointer: "/method",
      got: name)
  }

  @inline(__always)
  private func body(
    of method: Method, hasParams: Bool, _ scanner: inout JSONScanner, _ vectors: VectorBuffer
  ) throws(WireError) -> RequestBody {
    try ParameterDecoder(limits: limits).decode(method, hasParams: hasParams, &scanner, vectors)
  }

  // MARK: Refusals

  /// Checks the whole of a refused line, and finds its id.
  ///
  /// - Returns: The refusal under that id; or, for a line that is not JSON, that it is none.
  func refusal(_ error: WireError, _ scanner: inout JSONScanner) -> RequestDecoder.Outcome {
    scanner.rewindAll()
    do throws(WireError) {
      let found = try idOfWholeLine(&scanner)
      return .failure(id: found, error)
    } catch {
      return .failure(id: nil, error)
    }
  }

  private func idOfWholeLine(_ scanner: inout JSONScanner) throws(WireError) -> RequestID? {
    var found: RequestID?
    if try scanner.peek() == UInt8(ascii: "{") {
      var object = try scanner.beginObject()
      while let key = try scanner.nextKey(of: &object) {
        if case "id" = scanner.name(key) {
          let start = scanner.position
          found = try? id(&scanner)
          scanner.rewind(to: start)
        }
        try scanner.skipValue()
      }
    } else {
      try scanner.skipValue()
    }
    try scanner.expectEnd()
    return found
  }
}
