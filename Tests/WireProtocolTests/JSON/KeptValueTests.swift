import Foundation
import Testing
import WireProtocol

/// Numbers that a catalogue keeps, and what answers show of older ones.
@Suite struct KeptValueTests {
  private static let digits = String(repeating: "7", count: 5000)

  /// What a value of attributes is refused for, and where.
  static let beyond: [(value: String, place: String, isInteger: Bool)] = [
    ("1e400", "", false), ("-1e999", "", false), ("1.8e308", "", false), ("[0,1e400]", "/1", false),
    ("9223372036854775808", "", true), ("-9223372036854775809", "", true), ("18446744073709551616", "", true),
    ("1180591620717411303424", "", true), (digits, "", true), (#"{"a/b":[[],{"c~":\#(digits)}]}"#, "/a~1b/1/c~0", true),
    (#"[{"a":9223372036854775807,"b":1E+309}]"#, "/0/b", false),
  ]

  @Test(arguments: beyond)
  func numbersThatNoReaderKeepsAreRefusedWithTheirPlace(_ value: String, _ place: String, _ isInteger: Bool) throws {
    let attributes = #"{"_":0,"x":\#(value)}"#
    let message = isInteger ? "the integer is beyond 64 bits" : "the number is beyond the range of doubles"
    for (method, params, pointer) in [
      (
        "items.upsert", #"{"items":[{"key":"a","vector":[1],"attributes":\#(attributes)}]}"#,
        "/params/items/0/attributes"
      ),
      ("works.put", #"{"member":"m","work":"w","attributes":\#(attributes)}"#, "/params/attributes"),
    ] {
      let refusal = try #require(Wire.refusal(Wire.line(method, params)))
      #expect(refusal.contains(#""kind":"invalid_params","pointer":"\#(pointer)/x\#(place)","got":""#), "\(refusal)")
      #expect(refusal.contains(message) && refusal.contains("write it as a string") && refusal.count < 600)
    }
  }

  @Test(arguments: [
    "9223372036854775807", "-9223372036854775808", "-0", "1e308", "1.7976931348623157e308", "1e-400", "0.1", "1E+3",
    "123456789012345678901234567890.5", #"{"a":[true,null,"1e999"]}"#,
  ])
  func otherNumbersAreKeptAsTheyAreWritten(_ value: String) throws {
    let line = Wire.line("works.put", #"{"member":"m","work":"w","attributes":{"x":\#(value)}}"#)
    guard case .worksPut(let request)? = Wire.request(line)?.body else { return #expect(Bool(false), "\(value)") }
    #expect(request.attributes == #"{"x":\#(value)}"#)
    #expect(JSONText.readable(#"{"x":\#(value)}"#) == request.attributes, "and shown so")
  }

  /// What nobody stores may be anything.
  @Test func namesThatAreTheCallersMayHoldAnyNumber() {
    #expect(Wire.request(Wire.line("items.count", #"{"_note":[1e999,\#(Self.digits)]}"#)) != nil)
  }

  @Test func attributesAreRefusedForWhatAllOfALineIsRefusedFor() throws {
    let deep = String(repeating: "[", count: 29) + String(repeating: "]", count: 29)
    for (value, message) in [
      (#"{"a":1,"a":2}"#, #"the key \"a\" stands twice in one object"#),
      (#"{"a":"\ud800"}"#, "half of a surrogate pair"),
      (#"{"a":"\udc00\ud800"}"#, "half of a surrogate pair"), (#"{"a":\#(deep)}"#, "nested deeper than 32 levels"),
    ] {
      let line = Wire.line("items.upsert", #"{"items":[{"key":"a","vector":[1],"attributes":\#(value)}]}"#)
      let refusal = try #require(Wire.refusal(line))
      #expect(refusal.contains(message) && refusal.contains("parse_error"), "\(refusal)")
    }
  }

  @Test(
    arguments: [
      ("9007199254740992", nil), ("9223372036854775807", "9223372036854775807"),
      ("9007199254740993", "9007199254740993"),
      ("1e999", "1e999"), ("18446744073709551616", "18446744073709551616"), ("-12.5", nil),
    ] as [(String, String?)])
  func aTimecodeIsANumberThatADoubleHolds(_ timecode: String, _ got: String?) throws {
    let line = Wire.line("items.upsert", #"{"items":[{"key":"a","vector":[1],"timecode":\#(timecode)}]}"#)
    guard let got else { return #expect(Wire.request(line) != nil) }
    let refusal = try #require(Wire.refusal(line))
    #expect(refusal.contains(#""pointer":"/params/items/0/timecode","got":"\#(got)""#), "\(refusal)")
    #expect(refusal.contains("write it as a string"))
  }

  @Test(arguments: ["18446744073709551616", "1180591620717411303424", digits])
  func limitsSayHowMuchAtMost(_ number: String) throws {
    let refusal = try #require(Wire.refusal(Wire.line("search", #"{"vector":[1],"k":\#(number)}"#)))
    #expect(
      refusal.contains(
        #""message":"k is at most 10000","data":{"kind":"too_large","pointer":"/params/k","limit":10000"#))
    let negative = try #require(Wire.refusal(Wire.line("search", #"{"vector":[1],"k":-\#(number)}"#)))
    #expect(
      negative.contains(#""message":"expected at least 1","data":{"kind":"invalid_params","pointer":"/params/k""#))
  }

  // MARK: What is shown

  /// Catalogues of earlier versions may hold them: the digits are shown, as a string.
  @Test(
    arguments: [
      (#"{"a":1e400,"b":[-1e999,1]}"#, #"{"a":"1e400","b":["-1e999",1]}"#),
      (#"{"a":9223372036854775808}"#, #"{"a":"9223372036854775808"}"#),
      (#"{"a":\#(digits),"b":"\#(digits)"}"#, #"{"a":"\#(digits)","b":"\#(digits)"}"#),
      (#"{"1e400":"1e400 \" 1e400","\\":1e400}"#, #"{"1e400":"1e400 \" 1e400","\\":"1e400"}"#),
      ("{\"a\u{2028}\":\"\u{2029}\u{85}\"}", #"{"a\u2028":"\u2029\u0085"}"#),
      (#"{"a":\#(digits).5e-4800}"#, #"{"a":\#(digits).5e-4800}"#), ("{}", "{}"), (#"{"a":"#, #"{"a":"#),
      (#"{"a"#, #"{"a"#),
    ])
  func whatIsStoredIsShownReadably(_ stored: String, _ shown: String) {
    #expect(JSONText.readable(stored) == shown)
  }

  @Test func readersUnderstandWhatIsShown() throws {
    for (value, _, _) in Self.beyond {
      let shown = JSONText.readable(#"{"x":\#(value)}"#)
      #expect(Scan.refusal(shown) == nil)
      #expect((try? JSONSerialization.jsonObject(with: Data(shown.utf8))) != nil)
      let line = Wire.line("works.put", #"{"member":"m","work":"w","attributes":\#(shown)}"#)
      #expect(Wire.request(line) != nil, "what is shown can be stored again")
    }
  }

  // MARK: Ends of lines

  /// Where Python's `splitlines` and others cut a line.
  private static let separators = ["\u{85}", "\u{2028}", "\u{2029}", "\u{0B}", "\u{0C}", "\u{1C}", "\u{1D}", "\u{1E}"]

  @Test func nothingInAnAnswerEndsALineForAnyReader() {
    // Their neighbours, and characters that begin with the same bytes.
    let others = ["\u{84}", "\u{86}", "\u{C5}", "\u{2027}", "\u{202A}", "\u{2068}", "\u{E2}", "\u{20AC}", "\u{7F}"]
    for length in 0..<24 {
      for text in Self.separators + others {
        let whole = String(repeating: "\u{E9}", count: length / 2) + String(repeating: "a", count: length) + text + "b"
        var buffer = ByteBuffer()
        buffer.string(whole)
        // Control characters are escaped already in what is JSON.
        if Self.separators.prefix(3).contains(text) { buffer.raw("\"" + whole + "\"") }
        let written = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(written.unicodeScalars.allSatisfy { !["\u{85}", "\u{2028}", "\u{2029}"].contains($0) }, "\(written)")
        #expect((try? Scan.string(String(written.split(separator: "\",\"")[0]) + "\"")) == whole)
        if others.contains(text) { #expect(written.contains(text), "and nothing else is escaped") }
      }
    }
  }

  @Test func errorsThatRepeatWhatCameAreOneLineToo() throws {
    let refusal = try #require(Wire.refusal(Wire.line("search", "{\"vector\":[1],\"a\u{2028}b\u{85}\":1}")))
    #expect(refusal.contains(#"/params/a\u2028b\u0085"#))
    let unknown = try #require(Wire.refusal(Wire.line("se\u{2029}arch", "{}")))
    #expect(unknown.contains(#""got":"se\u2029arch""#))
    let id = try #require(Wire.refusal("{\"jsonrpc\":\"2.0\",\"id\":\"\u{2028}\",\"method\":\"x\"}"))
    #expect(id.contains(#""id":"\u2028""#))
  }

  // MARK: Byte-order marks

  @Test func aByteOrderMarkIsNamed() throws {
    let line = Array(Wire.line("engine.sync", "{}").utf8)
    let mark = "a byte-order mark, which is no part of JSON; send UTF-8 without it"
    #expect(
      Wire.refusal([0xEF, 0xBB, 0xBF] + line)?.contains(
        #""message":"\#(mark)","data":{"kind":"parse_error","offset":0"#) == true)
    for bytes in [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]] {
      #expect(Wire.refusal(bytes + line)?.contains("a byte-order mark of UTF-16; send UTF-8 without it") == true)
    }
    let inside = Wire.line("items.upsert", "{\"items\":[\u{FEFF}{\"key\":\"a\",\"vector\":[1]}]}")
    #expect(Wire.refusal(inside)?.contains(mark) == true)
    #expect(Wire.request(Wire.line("items.get", "{\"keys\":[\"\u{FEFF}\"]}")) != nil, "in a text it is a character")
  }
}
