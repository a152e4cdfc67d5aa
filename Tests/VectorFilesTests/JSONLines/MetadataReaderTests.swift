import Foundation
import Testing
import VectorFiles

@Suite struct MetadataReaderTests {
  /// All lines of a text, each as what it says or why it was refused.
  static func read(_ text: some Sequence<UInt8>, requiresKey: Bool = true) throws -> [Result<ItemMetadata, RefusedRow>]
  {
    let file = try TemporaryFile("m.jsonl", text)
    let reader = try MetadataReader(file.path, requiresKey: requiresKey)
    var rows: [Result<ItemMetadata, RefusedRow>] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  static func refusal(_ row: Result<ItemMetadata, RefusedRow>?) -> String? {
    if case .failure(let refusal) = row { refusal.description } else { nil }
  }

  static let sound: [(line: String, expected: ItemMetadata)] = [
    (#"{"key":"a"}"#, ItemMetadata(key: "a")),
    (#" { "key" : "a" } "#, ItemMetadata(key: "a")),
    (#"{"key":"a","member":"m","work":"w"}"#, ItemMetadata(key: "a", member: "m", work: "w")),
    (#"{"work":"w","member":"m","key":"a"}"#, ItemMetadata(key: "a", member: "m", work: "w")),
    (
      #"{"key":"a","title":"T","kind":"film","source":"s.png","timecode":"00:01"}"#,
      ItemMetadata(key: "a", title: "T", kind: "film", source: "s.png", timecode: .text("00:01"))
    ),
    (#"{"key":"a","timecode":-12.5e1}"#, ItemMetadata(key: "a", timecode: .number(-125))),
    (
      #"{"key":"a","member":null,"work":null,"title":null,"kind":null,"source":null,"timecode":null}"#,
      ItemMetadata(key: "a")
    ),
    (#"{"key":"a","title":""}"#, ItemMetadata(key: "a", title: "")),
    (
      #"{"year": 1998, "key":"a", "tags": [1, {"x": null}, "é\n"], "vector": [1]}"#,
      ItemMetadata(key: "a", attributes: #"{"year": 1998,"tags": [1, {"x": null}, "é\n"],"vector": [1]}"#)
    ),
    (#"{"key":"\u0041\ud83d\ude00\n\"\\\/ é"}"#, ItemMetadata(key: "A😀\n\"\\/ é")),
    (#"{"\u006bey":"a"}"#, ItemMetadata(key: "a")),
    // The same letter twice, encoded differently: two names.
    (
      "{\"key\":\"a\",\"\u{E9}\":1,\"e\u{301}\":2}", ItemMetadata(key: "a", attributes: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    ),
    (
      #"{"key":"a","n":-0,"m":1E+9,"o":0.5,"p":true,"q":false}"#,
      ItemMetadata(key: "a", attributes: #"{"n":-0,"m":1E+9,"o":0.5,"p":true,"q":false}"#)
    ),
  ]

  @Test(arguments: sound) func reads(_ example: (line: String, expected: ItemMetadata)) throws {
    #expect(try Self.read((example.line + "\n").utf8) == [.success(example.expected)])
  }

  static let refused: [(line: String, reason: String)] = [
    ("[]", "byte 0: the line must be an object: {…}"),
    ("", "byte 0: the line is empty; every line must describe one row"),
    ("  ", "byte 2: the line is empty; every line must describe one row"),
    ("{}", "byte 0: \"key\" is missing; it names the item and must be a string"),
    (#"{"key":null}"#, "byte 0: \"key\" is missing; it names the item and must be a string"),
    (#"{"key":17}"#, "byte 7: \"key\" must be a string: write \"17\" in quotes"),
    (#"{"key":true}"#, "byte 7: \"key\" must be a string"),
    (#"{"key":""}"#, "byte 7: \"key\" is empty"),
    (#"{"key":"a\u0000"}"#, "byte 7: \"key\" contains the character U+0000"),
    (
      "{\"key\":\"" + String(repeating: "é", count: 513) + "\"}",
      "byte 7: \"key\" takes 1026 bytes; at most 1024 are allowed"
    ),
    (#"{"key":"a","work":"w"}"#, "byte 0: \"work\" needs a \"member\" that it belongs to"),
    (#"{"key":"a","member":3}"#, "byte 20: \"member\" must be a string: write \"3\" in quotes"),
    (#"{"key":"a","member":"m","work":["w"]}"#, "byte 31: \"work\" must be a string"),
    (#"{"key":"a","timecode":[1]}"#, "byte 22: \"timecode\" must be a number or a string"),
    (
      #"{"key":"a","timecode":1e999}"#,
      "byte 22: /timecode: the number is beyond the range of doubles, so that readers of answers could not keep it; write it as a string, got 1e999"
    ),
    (
      #"{"key":"a","timecode":9007199254740993}"#,
      "byte 22: /timecode: a timecode is kept as a double, which does not hold this integer; write it as a string, got 9007199254740993"
    ),
    (
      #"{"key":"a","size":{"b/c":[0,-1e400]}}"#,
      "byte 28: /size/b~1c/1: the number is beyond the range of doubles, so that readers of answers could not keep it; write it as a string, got -1e400"
    ),
    (
      #"{"key":"a","id":18446744073709551616}"#,
      "byte 16: /id: the integer is beyond 64 bits, so that readers of answers could not keep it; write it as a string, got 18446744073709551616"
    ),
    (#"{"key":"a","x":"\ud800"}"#, "byte 16: half of a surrogate pair"),
    ("\u{FEFF}\u{FEFF}{\"key\":\"a\"}", "byte 3: a byte-order mark, which is no part of JSON; send UTF-8 without it"),
    ("{\"key\":\u{FEFF}\"a\"}", "byte 7: \"key\" must be a string"),
    ("{\"key\":\"a\",\"x\":\u{FEFF}1}", "byte 15: a byte-order mark, which is no part of JSON; send UTF-8 without it"),
    (#"{"key":"a","key":"b"}"#, "byte 11: the key \"key\" stands twice in one object"),
    (#"{"key":"a","x":1,"\u0078":2}"#, "byte 17: the key \"x\" stands twice in one object"),
    (#"{"key":"a","x":{"y":1,"y":2}}"#, "byte 22: the key \"y\" stands twice in one object"),
    (#"{"key":"a","x":[{"y":[{"z":1,"é":2,"\u00e9":3}]}]}"#, "byte 36: the key \"é\" stands twice in one object"),
    (#"{"key":"a","x":1,}"#, "byte 17: expected a key in quotes"),
    (#"{"key":"a",é:1}"#, "byte 11: expected a key in quotes"),
    ("{\"key\":\u{0}}", "byte 7: a control character outside a string"),
    (#"{"key":"a"} x"#, "byte 12: text after the end of the value"),
    (#"{"key":"a""#, "byte 10: the text ends too early"),
    (#"{"key":"a","#, "byte 11: the text ends too early"),
    (#"{"key":"a","x""#, "byte 14: the text ends too early"),
    (#"{"key":"a","x":"#, "byte 15: the text ends too early"),
    (#"{"key":"a" "x":1}"#, "byte 11: expected a comma or the end of the object"),
    (#"{"key":"a","x":01}"#, "byte 15: a number with a leading zero"),
    (#"{"key":"a","x":1.}"#, "byte 17: a digit is missing after the point"),
    (#"{"key":"a","x":1e}"#, "byte 17: a digit is missing in the exponent"),
    (#"{"key":"a","x":NaN}"#, "byte 15: not a JSON value"),
    (#"{"key":"a","x":nul}"#, "byte 15: not a JSON value"),
    (#"{"key":"a","x":"b}"#, "byte 15: the string that begins here has no end"),
    (#"{"key":"\q"}"#, "byte 8: an unknown escape"),
    (#"{"key":"\u12g4"}"#, "byte 8: \\u needs four hexadecimal digits"),
    (#"{"key":"\ud83d"}"#, "byte 8: half of a surrogate pair"),
    (#"{"key":"\ude00"}"#, "byte 8: half of a surrogate pair"),
    ("{\"key\":\"a\tb\"}", "byte 9: a control character inside a string; escape it"),
    (
      "{\"key\":\"a\",\"x\":" + String(repeating: "[", count: 32) + String(repeating: "]", count: 32) + "}",
      "byte 46: nested deeper than 32 levels"
    ),
  ]

  @Test(arguments: refused) func refuses(_ example: (line: String, reason: String)) throws {
    let rows = try Self.read("\(example.line)\n{\"key\":\"next\"}\n".utf8)
    #expect(rows.count == 2)
    #expect(Self.refusal(rows.first) == "line 1, " + example.reason)
    #expect(rows.last == .success(ItemMetadata(key: "next")))
  }

  @Test func refusesInvalidUTF8WithItsPlace() throws {
    let rows = try Self.read(Array("{\"key\":\"a\"}\n{\"key\":\"".utf8) + [0xC3, 0x28] + Array("\"}\n".utf8))
    #expect(Self.refusal(rows.last) == "line 2, byte 20: invalid UTF-8")
  }

  @Test func countsLinesAndBytesAcrossTheFile() throws {
    let rows = try Self.read("{\"key\":\"a\"}\r\n\n{\"key\":5}\n{\"key\":\"b\"}".utf8)
    #expect(rows.count == 4)
    #expect(rows.first == .success(ItemMetadata(key: "a")))
    #expect(Self.refusal(rows[1]) == "line 2, byte 13: the line is empty; every line must describe one row")
    #expect(Self.refusal(rows[2]) == "line 3, byte 21: \"key\" must be a string: write \"5\" in quotes")
    #expect(rows.last == .success(ItemMetadata(key: "b")))
  }

  @Test(arguments: ["{\"key\":\"a\"}", "{\"key\":\"a\"}\n", "{\"key\":\"a\"}\n\n", "{\"key\":\"a\"}\r\n\r\n"])
  func passesOverOneEmptyLineAtTheEnd(_ text: String) throws {
    #expect(try Self.read(text.utf8).count == 1)
  }

  /// Some programs begin files with one; nobody sees it.
  @Test func passesOverAByteOrderMarkAtTheVeryStart() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(try Self.read(mark + Array("{\"key\":\"a\"}\n{\"key\":5}".utf8)).count == 2)
    let rows = try Self.read(mark + Array("{\"key\":\"a\"}\n".utf8) + mark + Array("{\"key\":\"b\"}".utf8))
    #expect(rows.first == .success(ItemMetadata(key: "a")))
    #expect(
      Self.refusal(rows.last) == "line 2, byte 15: a byte-order mark, which is no part of JSON; send UTF-8 without it")
    #expect(try Self.read(mark).isEmpty && Self.read(mark + [10]).isEmpty)
    let file = try TemporaryFile("m.jsonl", mark + Array("{}\n{}\n".utf8))
    #expect(try MetadataReader.rowCount(of: file.path) == 2)
  }

  @Test func readsNothingFromAnEmptyFile() throws {
    #expect(try Self.read([]).isEmpty)
  }

  @Test func letsKeysBeMissingWhenTold() throws {
    #expect(
      try Self.read("{}\n{\"x\":1}".utf8, requiresKey: false)
        == [.success(ItemMetadata()), .success(ItemMetadata(attributes: #"{"x":1}"#))])
  }

  @Test func refusesAnOverlongLineAndGoesOn() throws {
    let long = "{\"key\":\"" + String(repeating: "x", count: 40 << 20) + "\"}\n"
    let rows = try Self.read("{\"key\":\"a\"}\n\(long){\"key\":\"b\"}\n".utf8)
    #expect(rows.count == 3)
    #expect(Self.refusal(rows[1]) == "line 2, byte 12: the line is longer than 16777216 bytes")
    #expect(rows.last == .success(ItemMetadata(key: "b")))
  }

  @Test func readsALineOfManyFields() throws {
    let fields = (0..<5_000).map { "\"f\($0)\":\($0)" }.joined(separator: ",")
    let rows = try Self.read("{\"key\":\"a\",\(fields)}\n{\"key\":\"a\",\(fields),\"f4000\":1}\n".utf8)
    #expect(rows.first == .success(ItemMetadata(key: "a", attributes: "{\(fields)}")))
    #expect(Self.refusal(rows.last)?.hasSuffix("the key \"f4000\" stands twice in one object") == true)
  }

  @Test func survivesMutations() throws {
    var random = SystemIndependentRandom(state: 11)
    let line = Array(#"{"key":"a\u00e9","member":"m","x":[1.5e-3,true,null,{"y":"z"}],"timecode":12}"#.utf8)
    var lines: [UInt8] = []
    for _ in 0..<5_000 {
      var mutated = line
      for _ in 0...random.next(below: 3) { mutated[random.next(below: line.count)] = UInt8(random.next(below: 256)) }
      lines += mutated.map { $0 == 0x0A ? 0x20 : $0 } + [0x0A]
    }
    let rows = try Self.read(lines)
    #expect(rows.count == 5_000)
    for case .success(let item) in rows {
      guard let attributes = item.attributes else { continue }
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(attributes.utf8)) }
    }
  }
}
