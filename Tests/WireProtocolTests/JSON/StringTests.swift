import Testing
import TestSupport
import WireProtocol

@Suite struct StringTests {
  @Test(
    arguments: [
      (#""""#, ""), (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u4e2d""#, "Aé中"),
      (#""\ud83d\ude00!""#, "😀!"), (#""x\u0000y""#, "x\u{0}y"), (#""é\u0301中😀""#, "é\u{301}中😀"),
      (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    ])
  func escapesAreResolved(_ text: String, _ meant: String) throws {
    #expect(Array(try Scan.string(text).utf8) == Array(meant.utf8))
  }

  /// Well-formed UTF-8 (Unicode standard, table 3-7) against the standard library, for every pair of first bytes and at every place in a word.
  @Test func utf8IsCheckedAsTheStandardLibraryChecksIt() {
    let tails: [[UInt8]] = [[], [0x80], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x41], [0x41], [0xC0, 0x80]]
    for first in UInt8(0x80)...0xFF {
      for second in stride(from: 0, through: 255, by: 1) where second >= 0x20 && second != 0x22 && second != 0x5C {
        for tail in tails {
          let content = [first, UInt8(second)] + tail
          let isValid = String(validating: content, as: UTF8.self) != nil
          let error = Scan.refusal([0x22] + content + [0x22])
          if (error == nil) != isValid { Issue.record("\(content)") }
        }
      }
    }
  }

  @Test(arguments: 0..<20)
  func invalidBytesAreFoundAtEveryPlace(_ place: Int) {
    for bad in [[0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0x80]] as [[UInt8]]
    {
      let text = [0x22] + [UInt8](repeating: 0x61, count: place) + bad + [0x22]
      #expect(Scan.refusal(text) == WireError(.parseError, "invalid UTF-8", offset: place + 1))
      #expect(Scan.refusal(text.dropLast())?.kind == .parseError)
    }
    for control in UInt8(0)..<0x20 {
      let text =
        [0x22] + [UInt8](repeating: 0x61, count: place) + [control] + [UInt8](repeating: 0x61, count: 9) + [0x22]
      #expect(Scan.refusal(text)?.offset == place + 1)
    }
  }

  @Test func whatTheEncoderEscapesTheScannerResolves() throws {
    var random = SeededGenerator(seed: 77)
    for _ in 0..<5000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
        scalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "x")
      }
      var buffer = ByteBuffer()
      buffer.string(String(scalars))
      let text = String(decoding: buffer.bytes, as: UTF8.self)
      #expect(Array(try Scan.string(text).unicodeScalars) == Array(scalars))
    }
  }
}
