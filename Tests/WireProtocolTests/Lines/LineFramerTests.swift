import Testing
import TestSupport
import WireProtocol

/// What a framer makes of pieces.
private struct Framed: Equatable {
  var lines: [String] = []
  var tooLong: [Int] = []
  var hasPartialLine = false

  init(_ pieces: [[UInt8]], limit: Int) {
    var framer = LineFramer(limit: limit)
    for piece in pieces {
      framer.feed(piece.span) { line in
        lines.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
      } tooLong: {
        tooLong.append($0)
      }
    }
    hasPartialLine = framer.hasPartialLine
  }

  /// By splitting the whole at once.
  init(reference bytes: [UInt8], limit: Int) {
    let parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
    hasPartialLine = parts.last?.isEmpty == false
    for part in parts.dropLast() {
      let content = part.last == 13 ? part.dropLast() : part
      if content.count > limit {
        tooLong.append(part.count)
      } else if !content.isEmpty {
        lines.append(String(decoding: content, as: UTF8.self))
      }
    }
  }

  init(lines: [String], tooLong: [Int] = [], hasPartialLine: Bool = false) {
    self.lines = lines
    self.tooLong = tooLong
    self.hasPartialLine = hasPartialLine
  }
}

@Suite struct LineFramerTests {
  @Test(
    arguments: [
      ("", [], [], false),
      ("a\n", ["a"], [], false),
      ("a\r\n\r\n\n\nb\n", ["a", "b"], [], false),
      ("\r\n", [], [], false),
      ("a\rb\n", ["a\rb"], [], false),
      ("a\r\r\n", ["a\r"], [], false),
      ("a\nrest", ["a"], [], true),
      ("rest\r", [], [], true),
      ("12345678\n", ["12345678"], [], false),
      ("12345678\r\n", ["12345678"], [], false),
      ("123456789\nb\n", ["b"], [9], false),
      ("123456789\r\nb\n", ["b"], [10], false),
      ("1234567890123456789012345\nb\n", ["b"], [25], false),
      ("1234567890123456789012345", [], [], true),
      ("ä→é\n", ["ä→é"], [], false),
      ("ä→😀\n", [], [9], false),
    ] as [(String, [String], [Int], Bool)])
  func linesAreTheSameHoweverTheyAreCut(_ text: String, _ lines: [String], _ tooLong: [Int], _ isPartial: Bool) {
    let bytes = Array(text.utf8)
    let expected = Framed(lines: lines, tooLong: tooLong, hasPartialLine: isPartial)
    #expect(Framed([bytes], limit: 8) == expected)
    for cut in 0...bytes.count {
      #expect(Framed([Array(bytes[..<cut]), Array(bytes[cut...])], limit: 8) == expected, "cut at \(cut)")
    }
    #expect(Framed(bytes.map { [$0] }, limit: 8) == expected)
  }

  @Test func randomPiecesGiveTheSameLines() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let alphabet: [UInt8] = [UInt8(ascii: "a"), 13, 10, 200]
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        alphabet[Int.random(in: 0...3, using: &random)]
      }
      let expected = Framed(reference: bytes, limit: 6)
      var pieces: [[UInt8]] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...9, using: &random))
        pieces.append(Array(piece))
        rest = rest.dropFirst(piece.count)
      }
      #expect(Framed(pieces, limit: 6) == expected, "\(bytes)")
    }
  }

  @Test func aGiantLineIsThrownAwayAndTheNextIsRead() {
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let framed = Framed(Array(repeating: piece, count: 40) + [Array("\nnext\n".utf8)], limit: 1 << 22)
    #expect(framed == Framed(lines: ["next"], tooLong: [40 << 20]))
  }

  @Test func aLineInsideOnePieceIsNotCopied() {
    let piece = Array("one\ntwo\n".utf8)
    var framer = LineFramer()
    var isInside = true
    let span = piece.span
    framer.feed(span) { line in
      isInside = isInside && span.indices(of: line) != nil
    } tooLong: { _ in
    }
    #expect(isInside)
    #expect(!framer.hasPartialLine)
  }
}
