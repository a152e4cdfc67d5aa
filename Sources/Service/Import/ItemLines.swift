import WireProtocol

/// Items as JSON lines, one object a line, as the command line takes them for one edit.
public struct ItemLines: Sendable {
  /// Where they come from, for messages.
  public let file: String
  /// The number of each item's line, from 1.
  public let numbers: [Int]
  /// The items, as one JSON array.
  public let array: String

  /// Splits a text into items; lines of nothing but space are passed over, and so is a byte-order mark at the very start.
  ///
  /// - Parameters:
  ///   - text: The lines.
  ///   - file: Where they come from, for messages.
  /// - Throws: ``CommandFailure`` that names the first line that is no JSON object, or says that there is none.
  public init(_ text: String, of file: String) throws {
    var (numbers, items): ([Int], [Substring]) = ([], [])
    // By bytes: a CR LF is one character.
    let body = text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...]
    for (index, line) in body.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let item = Substring(line)
      if item.allSatisfy(\.isWhitespace) { continue }
      try Self.check(item, at: "\(file), line \(index + 1)")
      numbers.append(index + 1)
      items.append(item)
    }
    guard !items.isEmpty else {
      throw CommandFailure("\(file): there are no items; give one JSON object a line", exitCode: 65)
    }
    (self.file, self.numbers, array) = (file, numbers, "[\(items.joined(separator: ","))]")
  }

  /// What is wrong with an item that was refused while the others were taken.
  public func refusal(of index: Int, key: String, _ message: String) -> String {
    let line = numbers.indices.contains(index) ? "line \(numbers[index])" : "item \(index)"
    return "\(file), \(line) (\(key)): \(message)"
  }

  private static func check(_ line: Substring, at place: String) throws {
    do {
      _ = try JSONText.memberNames(of: String(line))
    } catch {
      let byte = error.offset.map { ", byte \($0)" } ?? ""
      throw CommandFailure("\(place)\(byte): \(error.message)", exitCode: 65)
    }
  }
}
