/// Parameters that say how a request is carried out.
extension ParameterDecoder {
  func cancel(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> CancelRequest {
    var request = CancelRequest()
    var found = (ids: false, all: false)
    try forEach(hasParams, &scanner, known: ["ids", "all"]) { scanner, name throws(WireError) in
      switch name {
      case "ids": (request.ids, found.ids) = (try ids(&scanner), true)
      case "all":
        guard try scanner.takeBool() == true else {
          throw .invalid("/params/all", "expected true; to cancel some requests, name them in ids")
        }
        (request.isForAll, found.all) = (true, true)
      default: return false
      }
      return true
    }
    guard found.ids != found.all else {
      throw .invalid("/params", "expected one of ids (an array of request ids) and all (true)")
    }
    return request
  }

  private func ids(_ scanner: inout JSONScanner) throws(WireError) -> [RequestID] {
    guard try scanner.peek() == UInt8(ascii: "[") else {
      throw .invalid("/params/ids", "expected an array of request ids")
    }
    var ids: [RequestID] = []
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      guard let id = try identifier(&scanner) else {
        throw .invalid(
          "/params/ids/\(ids.count)",
          "expected a request id: a string of 1 to \(RequestID.greatestLength) bytes or an integer")
      }
      guard ids.count < limits.keys else {
        throw WireError(
          .tooLarge, "a request names at most \(limits.keys) ids", pointer: "/params/ids", limit: limits.keys)
      }
      ids.append(id)
    }
    return ids
  }

  func progressToken(_ scanner: inout JSONScanner) throws(WireError) -> RequestID? {
    if try scanner.takeNull() { return nil }
    guard let token = try identifier(&scanner) else {
      throw .invalid(
        "/params/progress_token", "expected a string of 1 to \(RequestID.greatestLength) bytes or an integer")
    }
    return token
  }

  /// Milliseconds from the receipt of a request in which it must begin.
  func deadline(_ scanner: inout JSONScanner) throws(WireError) -> Int64 {
    Int64(try integer(&scanner, "deadline_ms", 1...86_400_000))
  }

  private func identifier(_ scanner: inout JSONScanner) throws(WireError) -> RequestID? {
    if let integer = try scanner.takeInteger() { return .integer(integer) }
    guard let text = try scanner.takeText(), 1...RequestID.greatestLength ~= text.utf8.count else { return nil }
    return .string(text)
  }
}
