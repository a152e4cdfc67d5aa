import GRDB

/// Columns by position, for rows that a damaged file may have filled with anything.
///
/// GRDB's own conversions end the process where a value has another type than the one asked for. These always succeed.
extension Row {
  /// The number in a column; 0 where there is none.
  func number(_ index: Int) -> Int64 {
    optionalNumber(index) ?? 0
  }

  /// The number in a column, or nil where it is NULL; 0 for anything that is no number.
  func optionalNumber(_ index: Int) -> Int64? {
    switch value(index) {
    case .null: nil
    case .int64(let number): number
    case .double(let number): Int64(exactly: number.rounded()) ?? 0
    case .string, .blob: 0
    }
  }

  /// The text in a column, or nil where it is NULL.
  func text(_ index: Int) -> String? {
    switch value(index) {
    case .null: nil
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The JSON object in a column as one line of text, or nil where it is NULL.
  ///
  /// What is handed on to others as JSON has to be some: a damaged one would spoil what stands around it.
  ///
  /// - Parameters:
  ///   - index: The column.
  ///   - verdict: The column that says what ``Row/isObject(_:)`` found.
  ///   - subject: Whose it is.
  ///   - file: The SQLite file.
  /// - Returns: The text.
  /// - Throws: ``CatalogueError/damaged(file:reason:)`` where it is something else.
  func object(_ index: Int, if verdict: Int, of subject: @autoclosure () -> String, file: String) throws -> String? {
    guard let text = text(index) else { return nil }
    guard number(verdict) == 1 else {
      throw CatalogueError.damaged(file: file, reason: "\(subject()) is no JSON object")
    }
    // Ends of lines are mere space between tokens, and within a string JSON does not allow them.
    guard text.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return text }
    return String(decoding: text.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }, as: UTF8.self)
  }

  /// An expression that is 1 where a column holds the text of a JSON object.
  static func isObject(_ column: String) -> String {
    "iif(typeof(\(column)) = 'text' AND json_valid(\(column)), json_type(\(column)) = 'object', 0)"
  }

  /// The bytes in a column, or nil where it has something else.
  func bytes(_ index: Int) -> [UInt8]? {
    if case .blob(let bytes) = value(index) { Array(bytes) } else { nil }
  }

  /// The number in a column as an unsigned one of 32 bits; 0 where it is NULL.
  func unsigned(_ index: Int, file: String) throws -> UInt32 {
    guard let value = UInt32(exactly: number(index)) else {
      throw CatalogueError.damaged(file: file, reason: "\(number(index)) where a 32-bit number was expected")
    }
    return value
  }

  /// The count in a column; 0 where it is negative.
  func count(_ index: Int) -> Int {
    Int(clamping: Swift.max(0, number(index)))
  }

  /// What SQLite has in a column.
  func value(_ index: Int) -> DatabaseValue.Storage {
    (self[index] as DatabaseValue?)?.storage ?? .null
  }
}
