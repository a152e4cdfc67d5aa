import Testing
import WireProtocol

/// The parameters of permissions: what is understood, and what is refused with the exact answer.
@Suite struct PermissionParameterTests {
  private static let use = #""licensee":"acme","use":"training","territory":"JP","at":"2025-03-01""#
  private static let put = #""member":"m","licensee":"l","uses":["training"],"granted_at":"2025-01-01""#
  private static let time =
    "expected a time as 2025-03-01T00:00:00Z or 2025-03-01T09:00:00+09:00, or a date as 2025-03-01 for its first instant"
  private static let code = "expected a two-letter code of ISO 3166-1 such as JP, or worldwide"
  private static let name =
    "expected training, generation, display, distribution or another name of small letters, digits and _"

  private static func put(_ params: String, _ pointer: String, _ message: String, _ more: String = "") -> Refusal {
    .params("permissions.put", params, "/params\(pointer)", message, more)
  }

  private static func put(more params: String, _ pointer: String, _ message: String, _ got: String? = nil) -> Refusal {
    put("{\(put),\(params)}", pointer, message, got.map { #""got":"\#($0)","# } ?? "")
  }

  private static func use(_ params: String, _ pointer: String, _ message: String, _ got: String? = nil) -> Refusal {
    .params(
      "search", #"{"key":"a","use":\#(params)}"#, "/params/use\(pointer)", message,
      got.map { #""got":"\#($0)","# } ?? "")
  }

  static let puts = [
    put("{}", "/member", "member is missing"), put(#"{"member":"m"}"#, "/licensee", "licensee is missing"),
    put(#"{"member":"m","licensee":"l"}"#, "/uses", "uses is missing"),
    put(#"{"member":"m","licensee":"l","uses":["training"]}"#, "/granted_at", "granted_at is missing"),
    put(#"{"member":""}"#, "/member", "expected a string that is not empty and has no U+0000"),
    put(#"{"licensee":"a\u0000"}"#, "/licensee", "expected a string that is not empty and has no U+0000"),
    put(#"{"member":7}"#, "/member", "expected a string"), put(#"{"item":null}"#, "/item", "expected a string"),
    put(#"{"uses":[]}"#, "/uses", "expected at least one use"),
    put(#"{"uses":"training"}"#, "/uses", "expected an array of strings"),
    put(#"{"uses":["training",1]}"#, "/uses/1", "expected a string such as training"),
    put(#"{"uses":["Training"]}"#, "/uses/0", name, #""got":"Training","#),
    put(#"{"uses":["_x"]}"#, "/uses/0", name, #""got":"_x","#),
    put(#"{"uses":["a__b"]}"#, "/uses/0", name, #""got":"a__b","#),
    put(#"{"uses":["2d"]}"#, "/uses/0", name, #""got":"2d","#),
    put(#"{"uses":["text-mining"]}"#, "/uses/0", name, #""got":"text-mining","#),
    put(
      #"{"uses":["display","trainings"]}"#, "/uses/1", "unknown use; did you mean training?", #""got":"trainings","#),
    put(more: #""territories":[]"#, "/territories", #"expected at least one territory, or \"worldwide\""#),
    put(
      more: #""territories":"JP""#, "/territories",
      #"expected \"worldwide\" or an array of two-letter codes of ISO 3166-1"#),
    put(more: #""territories":["JP","UK"]"#, "/territories/1", "\(code); did you mean GB?", "UK"),
    put(more: #""territories":["jp"]"#, "/territories/0", "\(code); did you mean JP?", "jp"),
    put(more: #""territories":["XX"]"#, "/territories/0", code, "XX"),
    put(
      more: #""territories":["JP","worldwide"]"#, "/territories", "worldwide stands alone: it includes all the others"),
    put(
      more: #""valid_from":"2025-02-30""#, "/valid_from", "2025-02-30 is not a day: February 2025 has 28 days",
      "2025-02-30"),
    put(more: #""valid_until":"2025-03-01T00:00:00 JST""#, "/valid_until", time, "2025-03-01T00:00:00 JST"),
    put(#"{"granted_at":1740787200}"#, "/granted_at", time),
    put(
      more: #""valid_from":"2025-01-02","valid_until":"2025-01-02""#, "/valid_until",
      "the permission ends before it begins: valid_until is the first instant that is not covered and must be later than valid_from",
      "2025-01-02T00:00:00Z"),
    put(#"{"use":["training"]}"#, "/use", "unknown parameter; did you mean uses?"),
  ]

  static let others: [Refusal] = [
    .params("permissions.revoke", "{}", "/params/id", "id is missing"),
    .params("permissions.revoke", #"{"id":"p"}"#, "/params/revoked_at", "revoked_at is missing"),
    .params("permissions.list", #"{"limit":0}"#, "/params/limit", "expected at least 1", #""got":"0","#),
    .params("permissions.check", #"{"key":"a"}"#, "/params/use", "use is missing"),
    .params("permissions.check", "{\"use\":{\(use)}}", "/params", "one of key, member is missing"),
    .params(
      "permissions.check", "{\"work\":\"w\",\"use\":{\(use)}}", "/params/member",
      "member is missing: a work is named within its member"),
    .params(
      "permissions.check", "{\"key\":\"a\",\"member\":\"m\",\"use\":{\(use)}}", "/params/key",
      "expected one of key, member; a key says by itself whose the item is"),
    use("[]", "", "expected an object with licensee, use, territory and at"),
    use("{}", "/licensee", "licensee is missing"),
    use(#"{"licensee":"l","use":"training","territory":"JP"}"#, "/at", "at is missing"),
    use(#"{"licensee":"l","use":"trainin"}"#, "/use", "unknown use; did you mean training?", "trainin"),
    use(#"{"territory":"Japan"}"#, "/territory", code, "Japan"), use(#"{"at":"now"}"#, "/at", time, "now"),
    use(#"{"as_known_at":"2025"}"#, "/as_known_at", time, "2025"),
    use(#"{"known_at":"2025-01-01"}"#, "/known_at", "unknown parameter; did you mean as_known_at?"),
  ]

  @Test(arguments: puts + others)
  func isAnsweredExactlySo(_ refusal: Refusal) {
    #expect(Wire.refusal(refusal.line) == refusal.answer)
  }

  @Test func aPermissionTakesEverything() throws {
    let line = Wire.line(
      "permissions.put",
      #"""
      {"id":"p","member":"m","work":"w","item":"k","licensee":"l","uses":["training","text_mining2"],
      "territories":["JP","DE"],"valid_from":"1970-01-01","valid_until":"1970-01-02T00:00:00.001Z",
      "granted_at":"1969-12-31","reference":"c","_note":1}
      """#)
    guard case .permissionsPut(let put)? = Wire.request(line)?.body else {
      Issue.record("\(Wire.refusal(line) ?? "")")
      return
    }
    #expect((put.id, put.member, put.work, put.item, put.licensee) == ("p", "m", "w", "k", "l"))
    #expect((put.uses, put.territories) == (["training", "text_mining2"], ["JP", "DE"]))
    #expect((put.validFrom, put.validUntil, put.grantedAt, put.reference) == (0, 86_400_001, -86_400_000, "c"))
  }

  @Test(arguments: ["", #","territories":"worldwide""#, #","territories":["worldwide"]"#])
  func worldwideIsNoTerritories(_ more: String) throws {
    guard case .permissionsPut(let put)? = Wire.request(Wire.line("permissions.put", "{\(Self.put)\(more)}"))?.body
    else {
      Issue.record("refused")
      return
    }
    #expect(put.territories == [])
    #expect((put.id, put.work, put.item, put.validFrom, put.validUntil) == (nil, nil, nil, nil, nil))
  }

  @Test func aUseHasTwoClocks() throws {
    for method in ["search", "match"] {
      let params = #"{"key":"a","score_threshold":0,"use":{\#(Self.use),"as_known_at":"1970-01-01T00:00:01Z","_x":{}}}"#
      let request = try #require(Wire.request(Wire.line(method, params)))
      let use = try #require(request.search?.options.use ?? request.match?.options.use)
      #expect((use.licensee, use.use, use.territory) == ("acme", "training", "JP"))
      #expect((use.at, use.asKnownAt) == (1_740_787_200_000, 1000))
    }
    #expect(Wire.request(Wire.line("search", #"{"key":"a"}"#))?.search?.options.use == nil)
  }

  /// Names that are two letters off a known one, or no names of the list at all, are taken.
  @Test(arguments: ["redistribution", "text_mining", "x", "a1_2b", "merchandising"])
  func otherUsesAreTaken(_ name: String) {
    let line = Wire.line("permissions.put", "{\(Self.put.replacing("training", with: name))}")
    #expect(Wire.request(line) != nil, "\(Wire.refusal(line) ?? "")")
  }
}
