/// JSON that was stored, written so that every reader of the answer understands it.
extension ByteBuffer {
  /// Writes the text of a JSON value that a catalogue keeps.
  ///
  /// Numbers that no reader keeps are refused nowadays, but catalogues of earlier versions may hold some: they become strings of their digits, so
  /// that nothing is lost and the line stays readable. Ends of lines that only some readers know are escaped.
  ///
  /// - Parameter json: JSON; what is none comes out as something else that is none.
  /// - Complexity: O(bytes).
  public mutating func stored(_ json: String) {
    separate()
    let text = json.utf8.span
    var (at, written) = (0, 0)
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "\""): at = Self.stringEnd(in: text, from: at)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let end = Self.numberEnd(in: text, from: at)
        if Self.isBeyondReaders(text.extracting(at..<end)) {
          append(lines: text.extracting(written..<at))
          append(UInt8(ascii: "\""))
          append(text.extracting(at..<end))
          append(UInt8(ascii: "\""))
          written = end
        }
        at = end
      default: at += 1
      }
    }
    append(lines: text.extracting(written..<text.count))
  }

  private static func stringEnd(in text: Span<UInt8>, from start: Int) -> Int {
    var at = start + 1
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "\""): return at + 1
      case UInt8(ascii: "\\"): at += 2
      default: at += 1
      }
    }
    return text.count
  }

  private static func numberEnd(in text: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        at += 1
      default: return at
      }
    }
    return at
  }

  /// Whether a number is an integer beyond 64 bits, or beyond the range of doubles.
  private static func isBeyondReaders(_ number: Span<UInt8>) -> Bool {
    var isWhole = true
    for index in number.indices where number[index] | 0x20 == UInt8(ascii: "e") || number[index] == UInt8(ascii: ".") {
      isWhole = false
    }
    if isWhole, number.count <= 18 { return false }
    let text = String(decoding: number.indices.map { number[$0] }, as: UTF8.self)
    return isWhole ? Int64(text) == nil : !(Double(text)?.isFinite ?? true)
  }
}

extension JSONText {
  /// The text of a JSON value that a catalogue keeps, as every reader understands it; see ``ByteBuffer/stored(_:)``.
  public static func readable(_ json: String) -> String {
    var buffer = ByteBuffer(capacity: json.utf8.count + 16)
    buffer.stored(json)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }
}
