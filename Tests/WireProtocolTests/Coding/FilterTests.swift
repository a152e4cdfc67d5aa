import Testing
import WireProtocol

@Suite struct FilterTests {
  private static func filter(_ text: String) -> Filter? {
    Wire.request(Wire.line("search", #"{"vector":[1],"filter":\#(text)}"#))?.search?.options.filter
  }

  private static func condition(_ field: String, _ test: FieldCondition.Test) -> Filter.Clause {
    .condition(FieldCondition(field: field, test: test))
  }

  static let good: [(String, Filter)] = {
    var bounds = FilterRange()
    (bounds.atLeast, bounds.lessThan) = (1990, 2000.5)
    var open = FilterRange()
    (open.greaterThan, open.atMost) = (-1e300, 0)
    var exact = FilterRange()
    (exact.greaterThan, exact.atMost) = (.integer(9_007_199_254_740_993), .integer(.min))
    return [
      ("{}", Filter()), (#"{"must":[],"should":[],"must_not":[]}"#, Filter()), (#"{"_a":[1],"must":[]}"#, Filter()),
      (
        #"{"must":[{"key":"member","match":{"value":"noto"}}]}"#,
        Filter(must: [condition("member", .any([.string("noto")]))])
      ),
      // One condition need not be a list.
      (#"{"must":{"match":{"value":true},"key":"a"}}"#, Filter(must: [condition("a", .any([.bool(true)]))])),
      (
        #"{"should":[{"key":"kind","match":{"any":["a",1,false,-0]}}]}"#,
        Filter(should: [condition("kind", .any([.string("a"), .integer(1), .bool(false), .integer(0)]))])
      ),
      (#"{"must_not":[{"key":"a","match":{"except":[]}}]}"#, Filter(mustNot: [condition("a", .except([]))])),
      (
        #"{"must":[{"key":"year","range":{"gte":1990,"lt":2000.5}}]}"#,
        Filter(must: [condition("year", .range(bounds))])
      ),
      (
        #"{"must":[{"key":"y","range":{"gt":-1e300,"lte":0,"lt":null,"gte":null,"_":9}}]}"#,
        Filter(must: [condition("y", .range(open))])
      ),
      (#"{"must":[{"key":"y","range":{}}]}"#, Filter(must: [condition("y", .range(FilterRange()))])),
      (#"{"must":[{"is_empty":{"key":"kind"}}]}"#, Filter(must: [condition("kind", .isEmpty)])),
      (#"{"must":[{"exists":{"_":0,"key":"kind"},"_":0}]}"#, Filter(must: [condition("kind", .exists)])),
      (#"{"must":[{"key":"","match":{"value":"","_":1}}]}"#, Filter(must: [condition("", .any([.string("")]))])),
      (
        #"{"must":[{"should":[{"key":"a","match":{"value":1}},{"must_not":[{"is_empty":{"key":"b"}}]}]},{"exists":{"key":"c"}}]}"#,
        Filter(must: [
          .filter(
            Filter(should: [
              condition("a", .any([.integer(1)])), .filter(Filter(mustNot: [condition("b", .isEmpty)])),
            ])),
          condition("c", .exists),
        ])
      ),
      (
        #"{"must":[{"key":"a","match":{"value":9007199254740991}}]}"#,
        Filter(must: [condition("a", .any([.integer(9_007_199_254_740_991)]))])
      ),
      (
        #"{"must":[{"key":"a","match":{"any":[9223372036854775807,1.5,1e3,1.0,1e30]}}]}"#,
        Filter(must: [
          condition("a", .any([.integer(.max), .real(1.5), .integer(1000), .integer(1), .real(1e30)]))
        ])
      ),
      (
        #"{"must":[{"key":"a","range":{"gt":9007199254740993,"lte":-9223372036854775808}}]}"#,
        Filter(must: [condition("a", .range(exact))])
      ),
      (
        #"{"\u006dust":[{"k\u0065y":"\u0061","match":{"\u0076alue":"b"}}]}"#,
        Filter(must: [condition("a", .any([.string("b")]))])
      ),
    ]
  }()

  @Test(arguments: good)
  func isUnderstood(_ text: String, _ expected: Filter) {
    #expect(Self.filter(text) == expected)
  }

  private static let value = "expected a string, a number, true or false"
  private static let one = "expected an object with one of value, any, except"
  private static let field = #"expected {\"key\": the name of a field}"#
  private static let test = "a condition needs one of match, range, is_empty, exists"

  static let bad: [(filter: String, place: String, message: String)] = [
    ("[]", "", "expected an object with must, should or must_not"),
    ("1", "", "expected an object with must, should or must_not"),
    (#"{"must_nto":[]}"#, "/must_nto", "unknown parameter; did you mean must_not?"),
    (#"{"key":"a","match":{"value":1}}"#, "/key", "unknown parameter; known are must, should, must_not"),
    (#"{"must":[1]}"#, "/must/0", "expected a condition or a filter"),
    (#"{"must":"a"}"#, "/must", "expected a condition or a filter"),
    (#"{"must":[{}]}"#, "/must/0", test), (#"{"must":[{"key":"a"}]}"#, "/must/0", test),
    (#"{"must":[{"match":{"value":1}}]}"#, "/must/0", "a condition needs a key, the name of a field"),
    (#"{"must":[{"key":1,"match":{"value":1}}]}"#, "/must/0/key", "expected the name of a field, as a string"),
    (
      #"{"must":[{"key":"a","match":{"value":1},"range":{}}]}"#, "/must/0",
      "a condition has one of match, range, is_empty, exists"
    ),
    (
      #"{"must":[{"key":"a","is_empty":{"key":"b"}}]}"#, "/must/0", "a condition is about one field; there are two keys"
    ),
    (
      #"{"must":[{"is_empty":{"key":"b"},"key":"a"}]}"#, "/must/0", "a condition is about one field; there are two keys"
    ),
    (
      #"{"must":[{"key":"a","is_null":{}}]}"#, "/must/0/is_null",
      "unknown parameter; known are key, match, range, is_empty, exists"
    ),
    (#"{"must":[{"key":"a","matches":{"value":1}}]}"#, "/must/0/matches", "unknown parameter; did you mean match?"),
    (#"{"must":[{"key":"a","match":"b"}]}"#, "/must/0/match", one),
    (#"{"must":[{"key":"a","match":{}}]}"#, "/must/0/match", one),
    (#"{"must":[{"key":"a","match":{"value":1,"any":[1]}}]}"#, "/must/0/match", one),
    (
      #"{"must":[{"key":"a","match":{"text":"b"}}]}"#, "/must/0/match/text",
      "unknown parameter; known are value, any, except"
    ),
    (#"{"must":[{"key":"a","match":{"value":null}}]}"#, "/must/0/match/value", value),
    (#"{"must":[{"key":"a","match":{"any":"b"}}]}"#, "/must/0/match/any", "expected an array of values"),
    (#"{"must":[{"key":"a","match":{"except":["a",[]]}}]}"#, "/must/0/match/except/1", value),
    (#"{"must":[{"key":"a","range":[1,2]}]}"#, "/must/0/range", "expected an object with gt, gte, lt or lte"),
    (
      #"{"must":[{"key":"a","range":{"from":1}}]}"#, "/must/0/range/from",
      "unknown parameter; known are gt, gte, lt, lte"
    ),
    (#"{"must":[{"key":"a","range":{"gt":"1"}}]}"#, "/must/0/range/gt", "expected a number or null"),
    (#"{"must":[{"is_empty":"a"}]}"#, "/must/0/is_empty", field),
    (#"{"must":[{"is_empty":{}}]}"#, "/must/0/is_empty", field),
    (#"{"must":[{"is_empty":{"key":1}}]}"#, "/must/0/is_empty", field),
    (#"{"must":[{"exists":{"name":"a"}}]}"#, "/must/0/exists/name", "unknown parameter; known are key"),
    (
      #"{"should":[{"must":[{"exists":{"key":"a"}},{"must_not":[{"key":"a"}]}]}]}"#, "/should/0/must/1/must_not/0", test
    ),
    (#"{"must":[{"must":[],"key":"a"}]}"#, "/must/0/key", "unknown parameter; known are must, should, must_not"),
  ]

  @Test(arguments: bad)
  func isRefusedWithItsPlace(_ filter: String, _ place: String, _ message: String) {
    let refusal = Refusal.params("search", #"{"vector":[1],"filter":\#(filter)}"#, "/params/filter\(place)", message)
    #expect(Wire.refusal(refusal.line) == refusal.answer)
  }

  /// What no reader of answers could keep is refused by its place, in bounds as in values.
  @Test(
    arguments: [
      (#"{"key":"a","range":{"gt":1e400}}"#, "range/gt", "1e400"),
      (#"{"key":"a","range":{"lte":-1e999}}"#, "range/lte", "-1e999"),
      (#"{"key":"a","range":{"lt":18446744073709551616}}"#, "range/lt", "18446744073709551616"),
      (#"{"key":"a","match":{"value":9223372036854775808}}"#, "match/value", "9223372036854775808"),
      (#"{"key":"a","match":{"any":[1,1180591620717411303424]}}"#, "match/any/1", "1180591620717411303424"),
      (#"{"key":"a","match":{"except":[1e400]}}"#, "match/except/0", "1e400"),
    ])
  func numbersBeyondReadersAreRefused(_ condition: String, _ place: String, _ got: String) throws {
    let refusal = try #require(Wire.refusal(Wire.line("items.count", #"{"filter":{"must":\#(condition)}}"#)))
    #expect(
      refusal.contains(#""kind":"invalid_params","pointer":"/params/filter/must/\#(place)","got":"\#(got)""#),
      "\(refusal)")
    #expect(refusal.contains("so that readers of answers could not keep it; write it as a string"))
  }

  @Test func conditionsAreLimited() {
    func filter(_ count: Int) -> String {
      #"{"must":[\#(Array(repeating: #"{"exists":{"key":"a"}}"#, count: count).joined(separator: ","))]}"#
    }
    #expect(Self.filter(filter(256))?.must.count == 256)
    #expect(
      Wire.refusal(Wire.line("items.count", #"{"filter":\#(filter(257))}"#))
        == #"{"jsonrpc":"2.0","id":7,"error":{"code":1011,"message":"a filter has at most 256 conditions","data":{"kind":"too_large","pointer":"/params/filter/must/256","limit":256,"retryable":false}}}"#
    )
    let nested = #"{"must":[\#(Array(repeating: #"{"must":[]}"#, count: 257).joined(separator: ","))]}"#
    #expect(Wire.refusal(Wire.line("items.count", #"{"filter":\#(nested)}"#))?.contains("too_large") == true)
  }

  @Test func valuesAreLimited() {
    let values = Array(repeating: "1", count: 60_000).joined(separator: ",")
    let one = #"{"key":"a","match":{"any":[\#(values)]}}"#
    #expect(Self.filter(#"{"must":[\#(one)]}"#) != nil)
    #expect(
      Wire.refusal(Wire.line("items.count", #"{"filter":{"must":[\#(one),\#(one)]}}"#))
        == #"{"jsonrpc":"2.0","id":7,"error":{"code":1011,"message":"a filter compares with at most 100000 values","data":{"kind":"too_large","pointer":"/params/filter/must/1/match/any/40000","limit":100000,"retryable":false}}}"#
    )
  }

  /// What was computed for a filter is kept by the filter, so no two that differ in a byte may be equal.
  @Test func filtersAreComparedByBytes() {
    let (one, two) = ("\u{E9}", "e\u{301}")
    #expect(Self.condition(one, .exists) != Self.condition(two, .exists))
    #expect(Self.condition("a", .any([.string(one)])) != Self.condition("a", .any([.string(two)])))
    #expect(
      Set([FilterValue.string(one), .string(two), .string("1"), .integer(1), .bool(true), .real(1.5)]).count == 6)
    #expect(Set(Self.good.map(\.1)).count == Set(Self.good.map { String(describing: $0.1) }).count)
  }

  /// Depth is spent by nesting as by everything else.
  @Test func nestingIsBounded() {
    func nested(_ count: Int) -> String {
      String(repeating: #"{"must":["#, count: count) + String(repeating: "]}", count: count)
    }
    #expect(Self.filter(nested(15)) != nil)
    #expect(
      Wire.refusal(Wire.line("search", #"{"vector":[1],"filter":\#(nested(16))}"#))?.contains("nested deeper") == true)
  }
}
