import Foundation
import TestSupport
import Testing
import WireProtocol

/// Base64 as vectors are written in it, against Foundation and against a reference that takes one character at a time.
@Suite struct Base64Tests {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The bytes of a text, or the character at which it stops being base64.
  private enum Reference: Equatable {
    case bytes([UInt8])
    case misplaced(Int)

    init(_ text: [UInt8]) {
      let padding = text.count % 4 == 0 ? text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count : 0
      var (bits, held, bytes): (UInt32, Int, [UInt8]) = (0, 0, [])
      for (place, character) in text.dropLast(padding).enumerated() {
        guard let value = Base64Tests.alphabet.firstIndex(of: character) else {
          self = .misplaced(place)
          return
        }
        (bits, held) = (bits << 6 | UInt32(value), held + 6)
        guard held >= 8 else { continue }
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
      if text.count % 4 != 0 {
        self = .misplaced(text.count)
      } else if bits & (1 << UInt32(held) - 1) != 0 || held == 6 {
        self = .misplaced(text.count - padding - 1)
      } else {
        self = .bytes(bytes)
      }
    }
  }

  /// What the decoder makes of a text: seen through a vector of signed bytes.
  private func decoded(_ text: [UInt8]) -> Reference? {
    let vectors = VectorBuffer()
    let head = Array(#"{"jsonrpc":"2.0","id":7,"method":"search","params":{"vector":{"dtype":"i8","b64":""#.utf8)
    switch Wire.outcome(head + text + Array("\"}}}".utf8), vectors: vectors) {
    case .request: return .bytes(Wire.numbers(of: vectors).map { UInt8(bitPattern: Int8($0)) })
    case .failure(_, let error):
      if error.pointer == "/params/vector" { return .bytes([]) }
      guard error.pointer == "/params/vector/b64", let offset = error.offset else { return nil }
      #expect(error.message == "not base64 (standard alphabet, padded) at character \(offset - head.count)")
      return .misplaced(offset - head.count)
    }
  }

  @Test(arguments: 0..<70)
  func everyLengthIsDecoded(_ count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    for _ in 0..<50 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = Array(Data(bytes).base64EncodedString().utf8)
      #expect(decoded(text) == .bytes(bytes))
      #expect(Reference(text) == .bytes(bytes))
    }
  }

  @Test func everyCharacterAtEveryPlace() {
    let text = Array("AbCd+/9zQUJDREVG".utf8)
    for length in [4, 8, 16] {
      for place in 0..<length {
        for character in UInt8(0x20)...0x7F where character != 0x22 && character != 0x5C {
          var changed = Array(text[..<length])
          changed[place] = character
          let (found, expected) = (decoded(changed), Reference(changed))
          if found != expected {
            Issue.record("\(String(decoding: changed, as: UTF8.self)): \(String(describing: found)), not \(expected)")
          }
        }
      }
    }
  }

  @Test(
    arguments: [
      "=", "==", "===", "====", "A", "AA", "AAA", "A===", "AA==", "AAA=", "AB==", "AAB=", "AA=A", "A=AA", "=AAA",
      "AA==AAAA",
      "AAA=AAAA", "AAAA=", "AAAA====", "AAAAA===", "AAAAA", "AAAAAA", "AAAAAAA", "AAAA AAAA", "-_-_", "AAA==", "A====",
      "AAAAAA==",
      "AAAAAAA=", "AAAAA/==", "AAAAAA9=",
    ])
  func everyFormOfPadding(_ text: String) {
    #expect(decoded(Array(text.utf8)) == Reference(Array(text.utf8)))
  }

  @Test func randomTextsAreJudgedAlike() {
    var random = SeededGenerator(seed: 64)
    let characters = Self.alphabet + Array("==-_ ".utf8)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        Int.random(in: 0..<20, using: &random) == 0
          ? characters[Int.random(in: 0..<characters.count, using: &random)]
          : Self.alphabet[Int.random(in: 0..<64, using: &random)]
      }
      #expect(decoded(text) == Reference(text))
    }
  }

  /// Libraries that embed JSON in pages write a slash or a plus sign as an escape.
  @Test(arguments: [#"+\/8A"#, #"\u002b\/8A"#, #"\u002B\u002F8A"#])
  func escapesAreResolved(_ text: String) {
    #expect(decoded(Array(text.utf8)) == .bytes(Array(Data(base64Encoded: "+/8A") ?? Data())))
  }

  @Test func whatIsNoStringIsAParseError() throws {
    for text in ["AAA\u{1}", "AAA\\q", #"AAAA","dtype":"#] {
      let line = #"{"id":1,"method":"search","params":{"vector":{"b64":"\#(text)"}}}"#
      guard case .failure(nil, let error) = Wire.outcome(line) else {
        Issue.record("accepted: \(text)")
        continue
      }
      #expect(error.kind == .parseError)
    }
  }

  @Test(arguments: 0..<50)
  func floatsAreEncoded(_ count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let numbers = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
    var buffer = ByteBuffer()
    buffer.base64(numbers.span)
    let data = numbers.reduce(into: Data()) { data, number in
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\"\(data.base64EncodedString())\"")
  }
}
