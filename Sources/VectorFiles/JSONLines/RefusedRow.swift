/// One row that was refused while the others of its file go on.
public struct RefusedRow: Error, Equatable, Sendable {
  /// The row within the file, from 0.
  public let row: Int
  /// Where in the file the trouble starts, in bytes.
  public let offset: Int
  /// What is wrong, in words for people.
  public let reason: String

  /// Creates a refusal.
  public init(row: Int, offset: Int, reason: String) {
    self.row = row
    self.offset = offset
    self.reason = reason
  }

  /// The line of the row in a file of JSON lines, from 1.
  public var line: Int { row + 1 }
}

extension RefusedRow: CustomStringConvertible {
  /// Line, place and reason.
  public var description: String { "line \(line), byte \(offset): \(reason)" }
}
