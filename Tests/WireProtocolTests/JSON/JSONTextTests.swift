import Testing
import WireProtocol

@Suite struct JSONTextTests {
  @Test func namesComeInTheirOrder() throws {
    #expect(try JSONText.memberNames(of: #" {"b":{"x":1},"\u0061":[2],"":null} "#) == ["b", "a", ""])
    #expect(try JSONText.memberNames(of: "{}").isEmpty)
  }

  @Test(arguments: ["", "[]", "1", "{", #"{"a":1,"a":2}"#, "{} x"])
  func whatIsNoObjectIsRefused(_ text: String) {
    #expect { try JSONText.memberNames(of: text) } throws: { ($0 as? WireError)?.kind == .parseError }
  }

  @Test func aFilterAlone() throws {
    let filter = try JSONText.filter(#"{"must":[{"exists":{"key":"a"}}]}"#)
    #expect(filter == Filter(must: [.condition(FieldCondition(field: "a", test: .exists))]))
    #expect(throws: WireError.invalid("/mst", "unknown parameter; did you mean must?")) {
      try JSONText.filter(#"{"mst":[]}"#)
    }
    #expect { try JSONText.filter("{}{}") } throws: { ($0 as? WireError)?.kind == .parseError }
  }
}
