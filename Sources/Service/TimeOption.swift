import WireProtocol

/// Times that are stored as they are written.
public enum TimeOption {
  /// Makes sure that an option names a time: an instant, a date, or where that is enough a year or a month.
  ///
  /// - Throws: ``CommandFailure``, which names the option and what is right.
  public static func check(_ option: String, _ text: String?, allowsYear: Bool = false) throws {
    guard let text, Timestamp.milliseconds(of: text) == nil else { return }
    // The first day of a year or a month is a date where the rest is one.
    let dates = allowsYear ? [4: "-01-01", 7: "-01"] : [:]
    if let rest = dates[text.utf8.count], Timestamp.milliseconds(of: text + rest) != nil { return }
    let others = allowsYear ? ", a year as 2025 or a month as 2025-03" : ""
    throw CommandFailure(
      "\(option): expected a date as 2025-03-01 or a time in UTC as 2025-03-01T00:00:00Z\(others) (got \(text))",
      exitCode: 64)
  }
}
