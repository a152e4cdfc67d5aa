import Testing
import WireProtocol

/// What is JSON and what is not, and at which byte it shows.
@Suite struct GrammarTests {
  static let accepted = [
    "null", "true", "false", "0", "-0", "-0.0", "0.5", "1e1", "1E+2", "1.5e-7", "123456789012345678901234567890",
    "1e999",
    #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uFFFF""#,
    "\"é→😀\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
    "[]", "[ ]", "{}", "{ }", " \t\r\n[ 1 , 2 ]\r\n", #"{"":0}"#, #"{"a":{"a":{"a":1}},"b":{"a":1}}"#, "[[],{},[[]]]",
    #"[{"a":1},{"a":1}]"#, #"{"a":1,"A":1,"a ":1}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}", "[1.0,1e0,100,-1]",
  ]

  static let refused: [(text: String, offset: Int)] = [
    ("", 0), (" ", 1), ("nul", 0), ("nulL", 0), ("True", 0), ("NaN", 0), ("Infinity", 0), ("-Infinity", 0),
    ("undefined", 0),
    ("-", 0), ("+1", 0), (".5", 0), ("01", 0), ("-01", 0), ("00", 0), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3),
    ("0x10", 1), ("1_000", 1), ("1 2", 2), ("1,", 1), ("--1", 0), ("1e1.5", 3), ("1.2.3", 3), ("0e", 2), ("-.5", 0),
    ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1,,2]", 3), ("]", 0), ("[1}", 2),
    ("[1]]", 3),
    ("{", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1 "b":2}"#, 7), ("{a:1}", 1), ("{'a':1}", 1),
    ("{1:1}", 1), (#"{"a":1]"#, 6), (#"{,"a":1}"#, 1), (#"{"a"::1}"#, 5), (#"{"a" "b"}"#, 5), (#"{"a":1}}"#, 7),
    (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"\u0061":1}"#, 7), (#"{"/":1,"\/":1}"#, 7), (#"{"":1,"":1}"#, 6),
    (#"[{"a":1},{"b":1,"b":1}]"#, 16), (#"{"a":{"b":1,"b":2},"a":1}"#, 12), (#"{"a":{"c":1},"b":1,"a":1}"#, 19),
    (#"{"\ud83d\ude00":1,"😀":1}"#, 18),
    (#"""#, 0), (#""a"#, 0), (#""abcdefgh"#, 0), (#""\"#, 1), (#""\""#, 0), (#""\x""#, 1), (#""\u12""#, 1),
    (#""\u12G4""#, 1),
    (#""\u123"#, 1), (#""\U0041""#, 1), (#""\ud800""#, 1), (#""\udc00""#, 1), (#""\ud800\u0041""#, 1),
    (#""\ud800\ud800""#, 1),
    (#""\ud800x""#, 1), (#""\ud800\"#, 1), (#""abc\ude00\ud83d""#, 4), ("'a'", 0), ("\"a\nb\"", 2), ("\"\t\"", 1),
    ("\"abcdefgh\u{1F}\"", 9),
    ("\"\u{0}\"", 1), ("\u{0}", 0), ("1\u{0}", 1), ("\u{FEFF}1", 0), ("\u{A0}1", 0), ("\u{B}1", 0), ("\u{C}1", 0),
    ("/* */1", 0), ("1//", 1),
    ("[1]x", 3), ("{}{}", 2), ("truefalse", 4), ("\"a\"\"b\"", 3),
  ]

  @Test(arguments: accepted)
  func isJSON(_ text: String) {
    #expect(Scan.refusal(text) == nil)
  }

  @Test(arguments: refused)
  func isNotJSON(_ text: String, _ offset: Int) {
    let error = Scan.refusal(text)
    #expect(error?.kind == .parseError)
    #expect(error?.offset == offset, "\(error?.message ?? "accepted")")
  }

  /// Every accepted text, cut short at every byte, is refused; unless it is a number.
  @Test(arguments: accepted)
  func aTextThatIsCutShortIsRefused(_ text: String) {
    let bytes = Array(text.utf8)
    for length in 0..<bytes.count {
      let head = Array(bytes[..<length])
      let last = head.last { $0 > 0x20 } ?? 0
      guard !(0x30...0x39).contains(last) || bytes[0] > 0x39 else { continue }
      guard head.contains(where: { $0 > 0x20 }), bytes[length...].contains(where: { $0 > 0x20 }) else { continue }
      #expect(Scan.refusal(head) != nil, "\(length) bytes")
    }
  }

  @Test(arguments: [1, 2, 32])
  func depthIsBounded(_ depth: Int) {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")] {
      let step = open.filter { $0 == "[" || $0 == "{" }.count
      let repeats = depth / step
      func nested(_ count: Int) -> String {
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
      }
      #expect(Scan.refusal(nested(repeats), depth: repeats * step) == nil)
      let error = Scan.refusal(nested(repeats + 1), depth: repeats * step)
      #expect(
        error
          == WireError(.parseError, "nested deeper than \(repeats * step) levels", offset: repeats * open.utf8.count))
    }
  }

  @Test func aHundredThousandLevelsAreRefusedAtThe33rd() {
    #expect(Scan.refusal(String(repeating: "[", count: 100_000))?.offset == 32)
    #expect(Scan.refusal(String(repeating: #"{"a":"#, count: 100_000))?.offset == 160)
  }

  /// Siblings do not add up to depth.
  @Test func depthIsGivenBack() {
    let wide = "[" + Array(repeating: #"[{"a":[]}]"#, count: 1000).joined(separator: ",") + "]"
    #expect(Scan.refusal(wide, depth: 4) == nil)
  }

  @Test(arguments: [1, 23, 24, 25, 26, 10_000])
  func duplicateKeysAreFoundAmongAnyNumber(_ count: Int) {
    let members = (0..<count).map { #""key \#($0)":\#($0)"# }
    #expect(Scan.refusal("{\(members.joined(separator: ","))}") == nil)
    for twice in Set([0, count / 2, count - 1]) {
      for again in [#""key \#(twice)":null"#, #""\u006bey \#(twice)":null"#] {
        let text = "{\(members.joined(separator: ",")),\(again)}"
        #expect(Scan.refusal(text)?.offset == text.utf8.count - again.utf8.count - 1)
        #expect(Scan.refusal("[\(text)]")?.message.contains("stands twice") == true)
      }
    }
  }

  /// Canonically equivalent is not equal.
  @Test func keysAreComparedByBytes() {
    let others = (0..<30).map { #""\#($0)":0"# }.joined(separator: ",")
    #expect(Scan.refusal("{\(others),\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    #expect(Scan.refusal("{\(others),\"\u{E9}\":1,\"\\u00e9\":2}") != nil)
    #expect(Scan.refusal(#"{"\u00e9":1,"e\u0301":2}"#) == nil)
  }
}
