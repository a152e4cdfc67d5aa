/// Bytes that came from a stream, and the whole lines among them.
struct ReceivedLines {
  private var bytes: [UInt8] = []
  private var consumed = 0
  private var searched = 0

  /// What is left after the last whole line.
  var rest: String { String(decoding: bytes[consumed...], as: UTF8.self) }

  /// Whether nothing is left.
  var isEmpty: Bool { consumed == bytes.count }

  /// Adds bytes.
  mutating func append(_ chunk: [UInt8]) {
    bytes.removeFirst(consumed)
    searched -= consumed
    consumed = 0
    bytes += chunk
  }

  /// The next whole line, without its end.
  mutating func take() -> String? {
    guard let end = bytes[searched...].firstIndex(of: 10) else {
      searched = bytes.count
      return nil
    }
    defer { (consumed, searched) = (end + 1, end + 1) }
    return String(decoding: bytes[consumed..<end], as: UTF8.self)
  }
}
