import TestSupport
import Testing
import WireProtocol

/// Values as they are written.
@Suite struct WritingTests {
  private func written(_ body: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer(capacity: 0)
    body(&buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  @Test func commasStandWhereTheyBelong() {
    let text = written { buffer in
      buffer.beginObject()
      buffer.name("a")
      buffer.beginArray()
      buffer.number(1)
      buffer.string("{")
      buffer.string(":")
      buffer.string("[")
      buffer.bool(true)
      buffer.bool(false)
      buffer.null()
      buffer.beginArray()
      buffer.endArray()
      buffer.beginObject()
      buffer.endObject()
      buffer.raw("[7]")
      buffer.number(0.5 as Float)
      buffer.number(0.25)
      buffer.endArray()
      buffer.name(text: "b\"")
      buffer.string("")
      buffer.name("c")
      buffer.base64([Float]().span)
      buffer.endObject()
    }
    #expect(text == #"{"a":[1,"{",":","[",true,false,null,[],{},[7],0.5,0.25],"b\"":"","c":""}"#)
  }

  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), ("\"", #"\""#), ("\\", #"\\"#), ("/", "/"), ("\n\r\t", #"\n\r\t"#),
      ("\u{8}\u{C}", #"\u0008\u000c"#),
      ("\u{0}\u{1F}\u{20}", #"\u0000\u001f "#), ("\u{7F}\u{80}é→😀\u{2028}", "\u{7F}\u{80}é→😀\\u2028"),
      ("12345678\"", #"12345678\""#),
      ("\"12345678", #"\"12345678"#), ("1234567\"1234567\"12345678", #"1234567\"1234567\"12345678"#),
      ("ééééé\\ééééééééé", #"ééééé\\ééééééééé"#),
      ("1234567890123456789012345678901\u{1F}", #"1234567890123456789012345678901\u001f"#),
    ])
  func stringsAreEscaped(_ text: String, _ expected: String) {
    #expect(written { $0.string(text) } == "\"\(expected)\"")
    #expect(written { $0.string(text.utf8.span) } == "\"\(expected)\"")
  }

  /// At every place of a long text, whatever the stride of the writer.
  @Test func specialCharactersAreFoundAtEveryPlace() {
    for length in 0..<40 {
      for place in 0..<length {
        for special in [0x00, 0x1F, 0x22, 0x5C, 0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] as [UInt8] {
          var bytes = [UInt8](repeating: 0x61, count: length)
          bytes[place] = special
          let middle =
            switch special {
            case 0x00: #"\u0000"#
            case 0x1F: #"\u001f"#
            case 0x22: #"\""#
            case 0x5C: #"\\"#
            default: String(UnicodeScalar(special))
            }
          let a = { String(repeating: "a", count: $0) }
          #expect(written { $0.string(bytes.span) } == "\"\(a(place))\(middle)\(a(length - place - 1))\"")
        }
      }
    }
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1.0"), (0.9312, "0.9312"), (1e-5, "1e-05"),
      (.greatestFiniteMagnitude, "3.4028235e+38"),
      (-.leastNonzeroMagnitude, "-1e-45"), (-1.1754944e-38, "-1.1754944e-38"), (16_777_216, "16777216.0"),
      (.nan, "null"),
      (.infinity, "null"), (-.infinity, "null"),
    ] as [(Float, String)])
  func floats(_ value: Float, _ expected: String) {
    #expect(written { $0.number(value) } == expected)
  }

  @Test func floatsReadBackBitForBit() throws {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<50_000 {
      let value = Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random))
      let text = written { $0.number(-value) }
      #expect(Scan.refusal(text) == nil)
      #expect(try Scan.float(text) == -value)
    }
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (0.1, "0.1"), (-12_345_678.901234567, "-12345678.901234567"), (1e300, "1e+300"),
      (.nan, "null"),
    ] as [(Double, String)])
  func doubles(_ value: Double, _ expected: String) {
    #expect(written { $0.number(value) } == expected)
  }

  @Test(arguments: [0, 1, -1, 42, .max, .min, -9_007_199_254_740_991] as [Int64])
  func integers(_ value: Int64) {
    #expect(written { $0.number(value) } == "\(value)")
  }

  @Test func aBufferGrowsAndIsCut() {
    var buffer = ByteBuffer(capacity: 1)
    for round in 0..<1000 { buffer.append(text: "\(round),") }
    let whole = (0..<1000).map { "\($0)," }.joined()
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == whole)
    buffer.truncate(to: 4)
    buffer.append([65, 66].span)
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == "0,1,AB")
  }
}
