import GRDB

/// Arguments bound one by one, for statements that run once an item.
///
/// Building GRDB's argument lists and checking them costs more than the insertion itself.
extension Statement {
  /// Makes the statement ready for its next run, all arguments NULL.
  func rewind() {
    setUncheckedArguments(StatementArguments())
  }

  /// Sets an argument, counted from 1.
  ///
  /// A value that is nil leaves it NULL.
  func bind(_ value: (some StatementBinding)?, at index: Int32) throws {
    guard let value else { return }
    // SAFETY: the statement owns its handle and is alive; SQLite copies texts before `bind` returns.
    let code = unsafe value.bind(to: sqliteStatement, at: index)
    guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }
}
