/// Reads through one answer line for the few things that must be found fast.
///
/// It expects what the engine writes and is not a JSON parser: where a line looks different, a method answers `nil` or
/// `false`, and the caller turns to a decoder that reads everything.
package struct AnswerReader {
  private let line: [UInt8]
  private var position = 0

  /// Starts at the beginning of a line.
  init(_ line: [UInt8]) {
    self.line = line
  }

  /// The byte that comes next.
  private var next: UInt8? { position < line.count ? line[position] : nil }

  /// Whether a byte comes next after any space.
  mutating func isNext(_ byte: Unicode.Scalar) -> Bool {
    while let next, next == 0x20 || next == 0x09 || next == 0x0D { position += 1 }
    return next == UInt8(ascii: byte)
  }

  /// Steps over a byte, if it comes next after any space.
  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard isNext(byte) else { return false }
    position += 1
    return true
  }

  /// The bytes between two quotes, if nothing there is escaped.
  mutating func plainText() -> ArraySlice<UInt8>? {
    guard take("\"") else { return nil }
    let start = position
    while let next, next != UInt8(ascii: "\"") {
      guard next != UInt8(ascii: "\\") else { return nil }
      position += 1
    }
    guard position < line.count else { return nil }
    defer { position += 1 }
    return line[start..<position]
  }

  /// The bytes of a number, `true`, `false` or `null`.
  mutating func plainWord() -> ArraySlice<UInt8> {
    _ = isNext(",")
    let start = position
    while let next, !AnswerReader.endsWord(next) { position += 1 }
    return line[start..<position]
  }

  /// An object, each of whose members `member` reads.
  ///
  /// - Returns: Whether it is one, and every member could be read.
  mutating func object(_ member: (inout AnswerReader, ArraySlice<UInt8>) -> Bool) -> Bool {
    guard take("{") else { return false }
    if take("}") { return true }
    repeat {
      guard let name = plainText(), take(":"), member(&self, name) else { return false }
    } while take(",")
    return take("}")
  }

  /// A list, each of whose elements `element` reads.
  mutating func list<Element>(_ element: (inout AnswerReader) -> Element?) -> [Element]? {
    guard take("[") else { return nil }
    var elements: [Element] = []
    if take("]") { return elements }
    repeat {
      guard let next = element(&self) else { return nil }
      elements.append(next)
    } while take(",")
    return take("]") ? elements : nil
  }

  /// Steps over any value.
  mutating func skipValue() -> Bool {
    var depth = 0
    repeat {
      if take("{") || take("[") {
        depth += 1
      } else if take("}") || take("]") {
        depth -= 1
      } else if take("\"") {
        guard skipText() else { return false }
      } else if !take(","), !take(":"), plainWord().isEmpty {
        return false
      }
    } while depth > 0
    return depth == 0
  }

  /// Steps over the rest of a text, escaped or not.
  private mutating func skipText() -> Bool {
    while let next {
      position += next == UInt8(ascii: "\\") ? 2 : 1
      if next == UInt8(ascii: "\"") { return true }
    }
    return false
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "\""): true
    case UInt8(ascii: "{"), UInt8(ascii: "["), ...0x20: true
    default: false
    }
  }
}
