import Testing
import WireProtocol

/// A line and the exact answer to it.
struct Refusal: Sendable, CustomTestStringConvertible {
  let line: String
  let answer: String

  init(_ line: String, _ answer: String) {
    self.line = line
    self.answer = answer
  }

  var testDescription: String { String(line.prefix(100)) }

  /// The answer that says why, under the id 7.
  static func params(_ method: String, _ params: String, _ pointer: String, _ message: String, _ more: String = "")
    -> Refusal
  {
    Refusal(
      Wire.line(method, params),
      #"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"\#(message)","data":{"kind":"invalid_params","pointer":"\#(pointer)",\#(more)"retryable":false}}}"#
    )
  }
}

@Suite struct EnvelopeRefusalTests {
  static let notJSON = [
    Refusal("hello", parse("not a JSON value", 0)),
    Refusal("   ", parse("the text ends too early", 3)),
    Refusal("{", parse("the text ends too early", 1)),
    Refusal(#"{"id":}"#, parse("not a JSON value", 6)),
    Refusal(#"{"id":1"#, parse("the text ends too early", 7)),
    Refusal(#"{"id":1,}"#, parse("expected a key in quotes", 8)),
    Refusal(#"{"id" 1}"#, parse("expected a colon", 6)),
    Refusal(#"{"id":1 "method":"search"}"#, parse("expected a comma or the end of the object", 8)),
    Refusal(#"{"id":1,"id":2}"#, parse(#"the key \"id\" stands twice in one object"#, 8)),
    Refusal(#"{"id":1,"\u0069d":2}"#, parse(#"the key \"id\" stands twice in one object"#, 8)),
    Refusal(#"{"id":1} {"id":2}"#, parse("text after the end of the value", 9)),
    Refusal("\u{FEFF}{}", parse("a byte-order mark, which is no part of JSON; send UTF-8 without it", 0)),
    Refusal("\u{0}{}", parse("a control character outside a string", 0)),
    Refusal(#"{"id":"\#u{0}"}"#, parse("a control character inside a string; escape it", 7)),
    Refusal(#"{"id":"\ud800"}"#, parse("half of a surrogate pair", 7)),
    Refusal(#"{"id":NaN}"#, parse("not a JSON value", 6)),
    Refusal(#"{"id":01}"#, parse("a number with a leading zero", 6)),
    // What breaks later in the line wins over what was wrong before.
    Refusal(#"{"id":1,"method":"serch","params":{"k":tru}}"#, parse("not a JSON value", 39)),
    Refusal(#"[1,2"#, parse("the text ends too early", 4)),
    Refusal(#"{"jsonrpc":"1.0","id":1}x"#, parse("text after the end of the value", 24)),
  ]

  static let noRequest = [
    Refusal("1", invalid("null", "a request is a JSON object", #""offset":0,"#)),
    Refusal(#"  "search""#, invalid("null", "a request is a JSON object", #""offset":2,"#)),
    Refusal("[]", invalid("null", "batches are not taken; send one request a line", #""offset":0,"#)),
    Refusal("{}", invalid("null", #"jsonrpc is missing; it must be \"2.0\""#, #""pointer":"/jsonrpc","#)),
    Refusal(
      #"{"jsonrpc":"1.0","id":1}"#,
      invalid("1", #"jsonrpc must be \"2.0\""#, #""pointer":"/jsonrpc","got":"1.0","#)),
    Refusal(#"{"jsonrpc":2,"id":1}"#, invalid("1", #"jsonrpc must be \"2.0\""#, #""pointer":"/jsonrpc","#)),
    Refusal(#"{"jsonrpc":"2.0","id":1}"#, invalid("1", "method is missing", #""pointer":"/method","#)),
    Refusal(
      #"{"jsonrpc":"2.0","id":1,"method":null}"#, invalid("1", "method must be a string", #""pointer":"/method","#)),
    Refusal(
      #"{"jsonrpc":"2.0","method":"search"}"#,
      invalid("null", "id is missing; every request is answered, there are no notifications", #""pointer":"/id","#)),
    Refusal(
      #"{"jsonrpc":"2.0","method":"search","params":[1],"id":"a"}"#,
      invalid(#""a""#, "params must be an object; positional parameters are not taken", #""pointer":"/params","#)),
    Refusal(
      #"{"params":"key","jsonrpc":"2.0","method":"search","id":"a"}"#,
      invalid(#""a""#, "params must be an object; positional parameters are not taken", #""pointer":"/params","#)),
    Refusal(
      #"{"jsonrpc":"2.0","result":[],"id":3}"#,
      invalid("3", "unknown member; a request has jsonrpc, id, method, params", #""pointer":"/result","#)),
    Refusal(
      #"{"jsonrpc":"2.0","a/b~c":0,"id":3}"#,
      invalid("3", "unknown member; a request has jsonrpc, id, method, params", #""pointer":"/a~1b~0c","#)),
  ]

  static let badIDs = [
    "null", "1.0", "1e3", "9007199254740992", "-9007199254740992", "18446744073709551616", "true", "[]", "{}",
    #""""#, "\"\(String(repeating: "x", count: 129))\"", "\"\(String(repeating: "é", count: 65))\"",
  ]

  static let unknownMethods = [
    ("serch", "; did you mean search?"), ("items.removed", "; did you mean items.remove?"), ("", ""),
    ("frobnicate", ""),
    ("Search", "; did you mean search?"), ("engine.helo", "; did you mean engine.hello?"),
  ]

  @Test(arguments: notJSON + noRequest)
  func isAnsweredExactlySo(_ refusal: Refusal) {
    #expect(Wire.refusal(refusal.line) == refusal.answer)
  }

  @Test(arguments: badIDs)
  func anIdThatIsNoneIsAnsweredWithNull(_ id: String) {
    let message = "id must be a string of 1 to 128 bytes or an integer within ±(2^53 − 1)"
    #expect(
      Wire.refusal(#"{"jsonrpc":"2.0","id":\#(id),"method":"engine.health"}"#)
        == Self.invalid("null", message, #""pointer":"/id","#))
  }

  @Test(arguments: unknownMethods)
  func anUnknownMethodNamesTheNearest(_ name: String, _ hint: String) {
    #expect(
      Wire.refusal(#"{"method":"\#(name)","jsonrpc":"2.0","id":"last"}"#)
        == #"{"jsonrpc":"2.0","id":"last","error":{"code":-32601,"message":"there is no such method\#(hint)","data":{"kind":"method_not_found","pointer":"/method","got":"\#(name)","retryable":false}}}"#
    )
  }

  /// Answers to hostile lines stay short.
  @Test func whatIsRepeatedOfALineIsShort() throws {
    let long = String(repeating: "é", count: 100_000)
    for line in [
      #"{"jsonrpc":"2.0","id":1,"method":"\#(long)"}"#, #"{"jsonrpc":"2.0","id":1,"\#(long)":1}"#,
      #"{"\#(long)":1,"\#(long)":1}"#, #"{"jsonrpc":"\#(long)"}"#, Wire.line("search", #"{"\#(long)":1}"#),
      Wire.line("search", "{\"k\":\(String(repeating: "9", count: 100_000))}"),
    ] {
      #expect(try #require(Wire.refusal(line)).utf8.count < 500)
    }
  }

  static func parse(_ message: String, _ offset: Int) -> String {
    #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"\#(message)","data":{"kind":"parse_error","offset":\#(offset),"retryable":false}}}"#
  }

  static func invalid(_ id: String, _ message: String, _ more: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32600,"message":"\#(message)","data":{"kind":"invalid_request",\#(more)"retryable":false}}}"#
  }
}
