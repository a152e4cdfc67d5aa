import Foundation
import KagamiClient
import Testing

/// Values of any shape.
@Suite struct JSONValueTests {
  @Test(
    arguments: [
      (#"null"#, nil), ("true", true), ("0", 0), ("-3", -3), ("2.5", 2.5), (#""a\n""#, "a\n"), ("[1,[]]", [1, []]),
      (#"{"a":{"b":null}}"#, ["a": ["b": nil]]), ("9223372036854775807", .integer(.max)),
    ] as [(String, JSONValue)])
  func valuesAreReadAndWrittenAgain(text: String, value: JSONValue) throws {
    let read = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(read == value)
    #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == text)
  }

  @Test func whatIsNotThereIsNil() {
    let value: JSONValue = ["list": [1, "two"], "flag": false]
    #expect(value["list"]?[1]?.string == "two" && value["list"]?[0]?.number == 1 && value["flag"]?.bool == false)
    #expect(value["list"]?[2] == nil && value["list"]?[-1] == nil && value["none"] == nil && value[0] == nil)
    #expect(value.string == nil && value["list"]?.integer == nil && value["flag"]?.number == nil)
  }
}
