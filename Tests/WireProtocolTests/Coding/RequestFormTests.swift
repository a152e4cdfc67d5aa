import Testing
import WireProtocol

/// Every method in its good forms.
@Suite struct RequestFormTests {
  /// What a request asks, in a form that tests compare.
  private func body(_ line: String) throws -> String {
    String(describing: try #require(Wire.request(line), "\(Wire.refusal(line) ?? "")").body)
  }

  /// The members of a request may stand in any order, and others that begin with `_` are ignored.
  @Test func membersStandInAnyOrder() throws {
    let members = [#""jsonrpc":"2.0""#, #""id":"a""#, #""method":"search""#, #""params":{"vector":[1,2],"k":3}"#]
    var orders: [[String]] = [[]]
    for _ in members {
      orders = orders.flatMap { order in members.filter { !order.contains($0) }.map { order + [$0] } }
    }
    #expect(orders.count == 24)
    for order in orders {
      for text in [
        "{\(order.joined(separator: ","))}", "{ \(order.joined(separator: " , ")) }\r",
        #"{"_x":{"id":1},\#(order.joined(separator: ","))}"#,
      ] {
        let vectors = VectorBuffer()
        let request = try #require(Wire.request(text, vectors: vectors), "\(text)")
        #expect(request.id == .string("a"))
        #expect(request.search?.k == 3)
        #expect(Wire.numbers(of: vectors) == [1, 2])
      }
    }
  }

  @Test(
    arguments: [
      ("0", .integer(0)), ("-0", .integer(0)), ("7", .integer(7)),
      ("9007199254740991", .integer(9_007_199_254_740_991)),
      ("-9007199254740991", .integer(-9_007_199_254_740_991)), (#""x""#, .string("x")), (#""\u0041""#, .string("A")),
      ("\"\(String(repeating: "é", count: 64))\"", .string(String(repeating: "é", count: 64))),
    ] as [(String, RequestID)])
  func idsAreKept(_ text: String, _ id: RequestID) {
    #expect(Wire.request(#"{"jsonrpc":"2.0","id":\#(text),"method":"engine.health"}"#)?.id == id)
  }

  /// Canonically equivalent ids are two ids.
  @Test func idsAreComparedByBytes() {
    let ids: Set<RequestID> = [
      .string("\u{E9}"), .string("e\u{301}"), .string("1"), .integer(1), .string("1"), .integer(1),
    ]
    #expect(ids.count == 4)
  }

  @Test(
    arguments: [
      ("engine.hello", "hello"), ("engine.health", "health"), ("engine.stats", "stats"), ("engine.sync", "sync"),
      ("engine.shutdown", "shutdown"),
    ])
  func controlNeedsNoParameters(_ method: String, _ expected: String) throws {
    for params in ["", #","params":{}"#, #","params":null"#, #","params":{"_trace":[{"a":null}]}"#] {
      #expect(try body(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"\#(params)}"#) == expected)
    }
  }

  @Test func helloKnowsItsCaller() throws {
    #expect(try body(Wire.line("engine.hello", #"{"client":"scanner 1.0","protocol":"1"}"#)) == "hello")
  }

  @Test func aSearchHasDefaults() throws {
    let search = try #require(Wire.request(Wire.line("search", #"{"vector":[1]}"#))?.search)
    #expect((search.k, search.scoreThreshold, search.exact, search.beamWidth) == (10, nil, nil, nil))
    #expect(search.targetRecall == nil)
    let options = search.options
    #expect(
      (options.groupsByWork, options.groupSize, options.withAttributes, options.withVectors) == (false, 3, false, false)
    )
    #expect((options.filter, options.minSequence, options.deadline, options.model) == (nil, nil, nil, nil))
    guard case .vectors = options.source else {
      Issue.record("\(options.source)")
      return
    }
  }

  @Test func aSearchTakesEverything() throws {
    let line = Wire.line(
      "search",
      #"""
      {"key":"a/1","k":10000,"score_threshold":-0.25,"exact":true,"beam_width":200,"target_recall":0.95,"group_by":"work",
      "group_size":1,"with_attributes":true,"with_vectors":"f32le","min_seq":9007199254740991,"deadline_ms":250,
      "model":"clip","filter":{"must":[{"key":"member","match":{"value":"noto"}}]},"_note":"ignored"}
      """#)
    let search = try #require(Wire.request(line)?.search, "\(Wire.refusal(line) ?? "")")
    #expect((search.k, search.scoreThreshold, search.exact) == (10_000, -0.25, true))
    #expect((search.beamWidth, search.targetRecall) == (200, 0.95))
    let options = search.options
    #expect(
      (options.groupsByWork, options.groupSize, options.withAttributes, options.withVectors) == (true, 1, true, true))
    #expect((options.minSequence, options.deadline, options.model) == (9_007_199_254_740_991, 250, "clip"))
    #expect(options.filter?.must.count == 1)
    guard case .key("a/1") = options.source else {
      Issue.record("\(options.source)")
      return
    }
  }

  @Test func aMatchTakesEverything() throws {
    let first = try #require(Wire.request(Wire.line("match", #"{"vector":[1],"score_threshold":0.9}"#))?.match)
    #expect((first.scoreThreshold, first.limit, first.cursor) == (0.9, 10_000, nil))
    let next = try #require(
      Wire.request(Wire.line("match", #"{"cursor":"c","limit":100000,"score_threshold":0,"vectors":[[1],[2]]}"#))?.match
    )
    #expect((next.scoreThreshold, next.limit, next.cursor) == (0, 100_000, "c"))
  }

  @Test func nullIsNoFilter() throws {
    #expect(
      try #require(Wire.request(Wire.line("search", #"{"vector":[1],"filter":null}"#))?.search).options.filter == nil)
    #expect(
      try body(Wire.line("items.count", #"{"filter":null}"#))
        == "itemsCount(WireProtocol.ItemsCountRequest(filter: nil))")
  }

  @Test func showingNoVectorsMayBeSaid() throws {
    #expect(
      try #require(Wire.request(Wire.line("search", #"{"vector":[1],"with_vectors":false}"#))?.search).options
        .withVectors == false)
  }

  @Test(
    arguments: [
      (
        "items.get", #"{"keys":[]}"#,
        "itemsGet(WireProtocol.ItemsGetRequest(keys: [], withAttributes: true, withVectors: false))"
      ),
      (
        "items.get", #"{"with_vectors":"f32le","with_attributes":false,"keys":["b","a\n","b"]}"#,
        #"itemsGet(WireProtocol.ItemsGetRequest(keys: ["b", "a\n", "b"], withAttributes: false, withVectors: true))"#
      ),
      ("items.count", "{}", "itemsCount(WireProtocol.ItemsCountRequest(filter: nil))"),
      ("members.list", "{}", "membersList(WireProtocol.ListRequest(limit: 1000, cursor: nil, member: nil))"),
      (
        "members.list", #"{"limit":1,"cursor":"x"}"#,
        #"membersList(WireProtocol.ListRequest(limit: 1, cursor: Optional("x"), member: nil))"#
      ),
      (
        "works.list", #"{"member":"noto","limit":10000}"#,
        #"worksList(WireProtocol.ListRequest(limit: 10000, cursor: nil, member: Optional("noto")))"#
      ),
    ])
  func theRegisterIsAsked(_ method: String, _ params: String, _ expected: String) throws {
    #expect(try body(Wire.line(method, params)) == expected)
  }

  /// One decoder for many lines, refused ones among them.
  @Test func aDecoderIsReused() {
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    for round in 0..<50 {
      for (line, isRequest) in [
        (Wire.line("search", #"{"vector":[1,2]}"#), true), (#"{"a":{"b":{"c":["#, false),
        (Wire.line("search", "{}"), false),
        ("", false), (Wire.line("items.get", #"{"keys":["a"]}"#), true), (String(repeating: "[", count: 40), false),
      ] {
        let outcome = decoder.decode(Array(line.utf8).span, into: vectors)
        if case .request = outcome {
          #expect(isRequest, "round \(round): \(line)")
        } else {
          #expect(!isRequest, "round \(round): \(line)")
        }
      }
    }
  }
}
