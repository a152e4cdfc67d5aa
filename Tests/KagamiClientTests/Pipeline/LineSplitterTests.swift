import KagamiClient
import Testing

/// Lines out of chunks, wherever the chunks are cut.
@Suite struct LineSplitterTests {
  private let text = Array("one\n\ntwo, longer than a word\nthree\n".utf8)
  private let lines = ["one", "two, longer than a word", "three"]

  @Test(arguments: 1...36)
  func theCutDoesNotMatter(size: Int) {
    var splitter = LineSplitter()
    var found: [String] = []
    for start in stride(from: 0, to: text.count, by: size) {
      let chunk = Array(text[start..<min(start + size, text.count)])
      found += splitter.lines(completedBy: chunk.span.bytes).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(found == lines)
    #expect(splitter.remainder.isEmpty)
  }

  @Test func bytesThatLookLikeNewlinesInAWordAreNone() {
    var splitter = LineSplitter()
    let bytes: [UInt8] = [0x8A, 0x0B, 0x09, 0x00, 0xFF, 0x0A, 0x0B, 0x0B, 0x8A, 0x0A, 0x0A, 0x1A]
    #expect(splitter.lines(completedBy: bytes.span.bytes) == [[0x8A, 0x0B, 0x09, 0x00, 0xFF], [0x0B, 0x0B, 0x8A]])
    #expect(splitter.remainder == [0x1A])
  }

  @Test func theTailKeepsTheLastBytes() {
    var tail = OutputTail(capacity: 4)
    #expect(tail.text == "")
    for piece in ["a", "bc", "defghijklmnop", "", "q"] { tail.append(Array(piece.utf8).span.bytes) }
    #expect(tail.text == "nopq")
    for _ in 0..<100 { tail.append(Array("xy".utf8).span.bytes) }
    #expect(tail.text == "xyxy")
  }
}
