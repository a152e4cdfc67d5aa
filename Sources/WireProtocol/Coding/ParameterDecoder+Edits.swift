extension ParameterDecoder {
  // MARK: Items

  func itemsUpsert(
    _ hasParams: Bool, _ scanner: inout JSONScanner, _ vectors: VectorBuffer
  ) throws(WireError) -> ItemsUpsertRequest {
    var request = ItemsUpsertRequest()
    var hasItems = false
    try forEach(hasParams, &scanner, known: ["items", "vectors", "atomic", "strict", "op_id", "deadline_ms"]) {
      scanner, name throws(WireError) in
      switch name {
      case "items": (request.items, hasItems) = (try items(&scanner), true)
      case "vectors":
        try VectorDecoder(limits: limits).decode(many: true, &scanner, at: "/params/vectors", into: vectors)
        request.hasMatrix = true
      case "atomic": request.isAtomic = try bool(&scanner, "atomic")
      case "strict": request.isStrict = try bool(&scanner, "strict")
      case "op_id": request.operation = try operation(&scanner)
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      return true
    }
    guard hasItems else { throw .invalid("/params/items", "items is missing") }
    try checkVectors(request, vectors)
    return request
  }

  /// Checks that every item has one vector: its own, or the matrix's row of its place.
  private func checkVectors(_ request: ItemsUpsertRequest, _ vectors: VectorBuffer) throws(WireError) {
    if request.hasMatrix, vectors.count != request.items.count {
      throw .invalid(
        "/params/vectors", "expected as many vectors as items: \(request.items.count)", got: "\(vectors.count)")
    }
    for (index, item) in request.items.enumerated() where (item.vector == nil) != request.hasMatrix {
      throw .invalid(
        "/params/items/\(index)/vector",
        request.hasMatrix ? "the vector came in vectors already" : "vector is missing")
    }
  }

  private func items(_ scanner: inout JSONScanner) throws(WireError) -> [ItemEdit] {
    guard try scanner.peek() == UInt8(ascii: "[") else { throw .invalid("/params/items", "expected an array of items") }
    var items: [ItemEdit] = []
    let buffer = VectorBuffer()
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      guard items.count < limits.vectors else {
        throw WireError(
          .tooLarge, "a request has at most \(limits.vectors) items; send several requests", pointer: "/params/items",
          limit: limits.vectors)
      }
      items.append(try item(&scanner, at: "/params/items/\(items.count)", buffer))
    }
    return items
  }

  private static let itemNames = [
    "key", "vector", "member", "work", "kind", "title", "source", "timecode", "attributes",
  ]

  private func item(
    _ scanner: inout JSONScanner, at pointer: String, _ buffer: VectorBuffer
  ) throws(WireError) -> ItemEdit {
    guard try scanner.peek() == UInt8(ascii: "{") else { throw .invalid(pointer, "expected an object") }
    var item = ItemEdit(key: "")
    var hasKey = false
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      let name = scanner.name(key)
      switch name {
      case "key": (item.key, hasKey) = (try text(&scanner, at: "\(pointer)/key"), true)
      case "vector":
        try VectorDecoder(limits: limits).decode(many: false, &scanner, at: "\(pointer)/vector", into: buffer)
        item.vector = buffer.withNumbers { numbers in numbers.indices.map { numbers[$0] } }
        item.isUnscaledInteger = buffer.isUnscaledInteger
      case "member": item.member = try optionalText(&scanner, at: "\(pointer)/member")
      case "work": item.work = try optionalText(&scanner, at: "\(pointer)/work")
      case "kind": item.kind = try optionalText(&scanner, at: "\(pointer)/kind")
      case "title": item.title = try optionalText(&scanner, at: "\(pointer)/title")
      case "source": item.source = try optionalText(&scanner, at: "\(pointer)/source")
      case "timecode": item.timecode = try timecode(&scanner, at: "\(pointer)/timecode")
      case "attributes": item.attributes = try self.object(&scanner, at: "\(pointer)/attributes")
      default:
        guard name.isIgnored else { throw .unknown(name.string, at: pointer, among: Self.itemNames) }
        try scanner.skipValue()
      }
    }
    guard hasKey else { throw .invalid("\(pointer)/key", "key is missing") }
    return item
  }

  private func timecode(_ scanner: inout JSONScanner, at pointer: String) throws(WireError) -> TimecodeValue? {
    if try scanner.takeNull() { return nil }
    if let text = try scanner.takeText() { return .text(text) }
    let byte = try scanner.peek()
    guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9 else {
      throw .invalid(pointer, "expected a number or a string")
    }
    do throws(WireError) { return .number(try scanner.timecode(at: pointer)) } catch { throw error.withoutOffset }
  }

  func itemsRemove(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> ItemsRemoveRequest {
    var request = ItemsRemoveRequest()
    try forEach(hasParams, &scanner, known: ["keys", "filter", "confirm", "op_id", "deadline_ms"]) {
      scanner, name throws(WireError) in
      switch name {
      case "keys": request.keys = try keys(&scanner)
      case "filter": request.filter = try filter(&scanner)
      case "confirm": request.isConfirmed = try bool(&scanner, "confirm")
      case "op_id": request.operation = try operation(&scanner)
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      return true
    }
    guard (request.keys == nil) != (request.filter == nil) else {
      throw .invalid("/params", "expected one of keys and filter")
    }
    return request
  }

  func itemsScroll(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> ItemsScrollRequest {
    var request = ItemsScrollRequest()
    try forEach(
      hasParams, &scanner, known: ["filter", "limit", "cursor", "with_attributes", "with_vectors", "deadline_ms"]
    ) {
      scanner, name throws(WireError) in
      switch name {
      case "filter": request.filter = try filter(&scanner)
      case "limit": request.limit = try integer(&scanner, "limit", 1...limits.k)
      case "cursor": request.cursor = try text(&scanner, "cursor")
      case "deadline_ms": request.deadline = try deadline(&scanner)
      case "with_attributes": request.withAttributes = try bool(&scanner, "with_attributes")
      case "with_vectors": request.withVectors = try vectorFormat(&scanner)
      default: return false
      }
      return true
    }
    return request
  }

  // MARK: Members and works

  func membersPut(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> MemberPutRequest {
    var request = MemberPutRequest(member: "")
    var hasMember = false
    try forEach(hasParams, &scanner, known: ["member", "name", "contact", "joined_at", "deadline_ms"]) {
      scanner, name throws(WireError) in
      switch name {
      case "member": (request.member, hasMember) = (try self.name(&scanner, "member"), true)
      case "name": request.name = try text(&scanner, "name")
      case "contact": request.contact = try text(&scanner, "contact")
      case "joined_at":
        request.joinedAt = try date(&scanner, "joined_at") { text throws(Timestamp.Objection) in
          _ = try Timestamp.read(text)
        }
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      return true
    }
    guard hasMember else { throw .invalid("/params/member", "member is missing") }
    return request
  }

  func worksPut(_ hasParams: Bool, _ scanner: inout JSONScanner) throws(WireError) -> WorkPutRequest {
    var request = WorkPutRequest(member: "", work: "")
    try forEach(
      hasParams, &scanner, known: ["member", "work", "title", "kind", "first_published", "attributes", "deadline_ms"]
    ) { scanner, name throws(WireError) in
      switch name {
      case "member": request.member = try self.name(&scanner, "member")
      case "work": request.work = try self.name(&scanner, "work")
      case "title": request.title = try text(&scanner, "title")
      case "kind": request.kind = try text(&scanner, "kind")
      case "first_published": request.firstPublished = try date(&scanner, "first_published", Timestamp.checkPublication)
      case "attributes": request.attributes = try object(&scanner, at: "/params/attributes")
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      return true
    }
    guard !request.member.isEmpty else { throw .invalid("/params/member", "member is missing") }
    guard !request.work.isEmpty else { throw .invalid("/params/work", "work is missing") }
    return request
  }

  func registerRemove(
    _ hasParams: Bool, _ scanner: inout JSONScanner, ofWorks: Bool
  ) throws(WireError) -> RegisterRemoveRequest {
    var request = RegisterRemoveRequest(member: "")
    let known = ["member", "cascade", "op_id", "deadline_ms"] + (ofWorks ? ["work"] : [])
    try forEach(hasParams, &scanner, known: known) { scanner, name throws(WireError) in
      switch name {
      case "member": request.member = try self.name(&scanner, "member")
      case "work" where ofWorks: request.work = try self.name(&scanner, "work")
      case "cascade": request.cascades = try bool(&scanner, "cascade")
      case "op_id": request.operation = try operation(&scanner)
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      return true
    }
    guard !request.member.isEmpty else { throw .invalid("/params/member", "member is missing") }
    guard !ofWorks || request.work != nil else { throw .invalid("/params/work", "work is missing") }
    return request
  }

  // MARK: Values

  /// A name of a member or a work: not empty, and short enough for a key.
  private func name(_ scanner: inout JSONScanner, _ field: StaticString) throws(WireError) -> String {
    let name = try text(&scanner, field)
    guard !name.isEmpty else { throw .invalid("/params/\(field)", "expected a name that is not empty") }
    guard name.utf8.count <= limits.nameBytes else {
      throw WireError(
        .tooLarge, "a name has at most \(limits.nameBytes) bytes", pointer: "/params/\(field)", limit: limits.nameBytes)
    }
    return name
  }

  /// A text that says when something was; kept as it is written.
  private func date(
    _ scanner: inout JSONScanner, _ field: StaticString, _ check: (String) throws(Timestamp.Objection) -> Void
  ) throws(WireError) -> String {
    let text = try text(&scanner, field)
    do throws(Timestamp.Objection) { try check(text) } catch {
      throw .invalid("/params/\(field)", error.reason, got: text)
    }
    return text
  }

  private func operation(_ scanner: inout JSONScanner) throws(WireError) -> String {
    let name = try text(&scanner, "op_id")
    guard 1...128 ~= name.utf8.count else { throw .invalid("/params/op_id", "expected a string of 1 to 128 bytes") }
    return name
  }

  private func text(_ scanner: inout JSONScanner, at pointer: String) throws(WireError) -> String {
    guard let value = try scanner.takeText() else { throw .invalid(pointer, "expected a string") }
    return value
  }

  private func optionalText(_ scanner: inout JSONScanner, at pointer: String) throws(WireError) -> String? {
    try scanner.takeNull() ? nil : try text(&scanner, at: pointer)
  }

  /// A JSON object, as its text, with numbers only that readers of answers can keep.
  private func object(_ scanner: inout JSONScanner, at pointer: String) throws(WireError) -> String? {
    if try scanner.takeNull() { return nil }
    guard try scanner.peek() == UInt8(ascii: "{") else { throw .invalid(pointer, "expected an object") }
    let start = scanner.position
    do throws(WireError) { try scanner.skipKeptValue() } catch {
      guard error.kind != .parseError else { throw error }
      throw .invalid(pointer + (error.pointer ?? ""), error.message, got: error.got)
    }
    return scanner.copy(start..<scanner.position)
  }
}
