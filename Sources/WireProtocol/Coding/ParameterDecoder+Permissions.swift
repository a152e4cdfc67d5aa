extension ParameterDecoder {
  func permissionsPut(
    _ hasParams: Bool, _ scanner: inout JSONScanner
  ) throws(WireError) -> PermissionsPutRequest {
    var request = PermissionsPutRequest()
    var found: Set<String> = []
    let known = [
      "id", "member", "work", "item", "licensee", "uses", "territories", "valid_from", "valid_until", "granted_at",
      "reference", "deadline_ms",
    ]
    try forEach(hasParams, &scanner, known: known) { scanner, name throws(WireError) in
      switch name {
      case "id": request.id = try naming(&scanner, "/params/id", limit: 128)
      case "member": request.member = try naming(&scanner, "/params/member")
      case "work": request.work = try naming(&scanner, "/params/work")
      case "item": request.item = try naming(&scanner, "/params/item")
      case "licensee": request.licensee = try naming(&scanner, "/params/licensee")
      case "uses": request.uses = try uses(&scanner)
      case "territories": request.territories = try territories(&scanner)
      case "valid_from": request.validFrom = try instant(&scanner, "/params/valid_from")
      case "valid_until": request.validUntil = try instant(&scanner, "/params/valid_until")
      case "granted_at": request.grantedAt = try instant(&scanner, "/params/granted_at")
      case "reference": request.reference = try naming(&scanner, "/params/reference", limit: 4096)
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      found.insert(name.string)
      return true
    }
    try require(["member", "licensee", "uses", "granted_at"], found, at: "/params")
    if let from = request.validFrom, let until = request.validUntil, from >= until {
      throw .invalid(
        "/params/valid_until",
        "the permission ends before it begins: valid_until is the first instant that is not covered and must be later than valid_from",
        got: Timestamp.text(of: until))
    }
    return request
  }

  func permissionsRevoke(
    _ hasParams: Bool, _ scanner: inout JSONScanner
  ) throws(WireError) -> PermissionsRevokeRequest {
    var request = PermissionsRevokeRequest(id: "", revokedAt: 0)
    var found: Set<String> = []
    try forEach(hasParams, &scanner, known: ["id", "revoked_at", "reference", "deadline_ms"]) {
      scanner, name throws(WireError) in
      switch name {
      case "id": request.id = try naming(&scanner, "/params/id", limit: 128)
      case "revoked_at": request.revokedAt = try instant(&scanner, "/params/revoked_at")
      case "reference": request.reference = try naming(&scanner, "/params/reference", limit: 4096)
      case "deadline_ms": request.deadline = try deadline(&scanner)
      default: return false
      }
      found.insert(name.string)
      return true
    }
    try require(["id", "revoked_at"], found, at: "/params")
    return request
  }

  func permissionsList(
    _ hasParams: Bool, _ scanner: inout JSONScanner
  ) throws(WireError) -> PermissionsListRequest {
    var request = PermissionsListRequest()
    try forEach(hasParams, &scanner, known: ["member", "licensee", "limit", "cursor"]) {
      scanner, name throws(WireError) in
      switch name {
      case "member": request.member = try text(&scanner, "member")
      case "licensee": request.licensee = try text(&scanner, "licensee")
      case "limit": request.limit = try integer(&scanner, "limit", 1...limits.k)
      case "cursor": request.cursor = try text(&scanner, "cursor")
      default: return false
      }
      return true
    }
    return request
  }

  func permissionsCheck(
    _ hasParams: Bool, _ scanner: inout JSONScanner
  ) throws(WireError) -> PermissionsCheckRequest {
    var (key, member, work): (String?, String?, String?)
    var use: UseRequest?
    try forEach(hasParams, &scanner, known: ["key", "member", "work", "use"]) { scanner, name throws(WireError) in
      switch name {
      case "key": key = try text(&scanner, "key")
      case "member": member = try text(&scanner, "member")
      case "work": work = try text(&scanner, "work")
      case "use": use = try self.use(&scanner)
      default: return false
      }
      return true
    }
    guard let use else { throw .invalid("/params/use", "use is missing") }
    switch (key, member, work) {
    case (let key?, nil, nil): return PermissionsCheckRequest(subject: .key(key), use: use)
    case (nil, let member?, let work): return PermissionsCheckRequest(subject: .member(member, work: work), use: use)
    case (nil, nil, nil): throw .invalid("/params", "one of key, member is missing")
    case (nil, nil, _): throw .invalid("/params/member", "member is missing: a work is named within its member")
    default: throw .invalid("/params/key", "expected one of key, member; a key says by itself whose the item is")
    }
  }

  /// Reads `use`, as `search`, `match` and `permissions.check` have it.
  func use(_ scanner: inout JSONScanner) throws(WireError) -> UseRequest {
    guard try scanner.peek() == UInt8(ascii: "{") else {
      throw .invalid("/params/use", "expected an object with licensee, use, territory and at")
    }
    var use = UseRequest(licensee: "", use: "", territory: "", at: 0)
    var found: Set<String> = []
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      let name = scanner.name(key)
      switch name {
      case "licensee": use.licensee = try naming(&scanner, "/params/use/licensee")
      case "use": use.use = try useName(&scanner, "/params/use/use")
      case "territory": use.territory = try territory(&scanner, "/params/use/territory")
      case "at": use.at = try instant(&scanner, "/params/use/at")
      case "as_known_at": use.asKnownAt = try instant(&scanner, "/params/use/as_known_at")
      default:
        guard name.isIgnored else {
          throw .unknown(
            name.string, at: "/params/use", among: ["licensee", "use", "territory", "at", "as_known_at"])
        }
        try scanner.skipValue()
      }
      found.insert(scanner.text(of: key))
    }
    try require(["licensee", "use", "territory", "at"], found, at: "/params/use")
    return use
  }
}
