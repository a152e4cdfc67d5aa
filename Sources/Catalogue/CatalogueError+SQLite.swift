import GRDB

extension CatalogueError {
  /// Says what a failure of SQLite or of decoding one of its rows means for `file`.
  ///
  /// Errors that are neither are the caller's own and are returned as they are.
  static func translating(_ error: any Error, file: String) -> any Error {
    switch error {
    case let error as DatabaseError: CatalogueError(error, file: file)
    case let error as RowDecodingError: CatalogueError.damaged(file: file, reason: String(describing: error))
    default: error
    }
  }

  /// Says what a failure of SQLite means for `file`.
  init(_ error: DatabaseError, file: String) {
    let reason = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_FULL: self = .full(file: file)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy(file: file)
    case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH: self = .permissionDenied(file: file, reason: reason)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_NOLFS:
      self = .io(file: file, reason: "\(reason), SQLite code \(error.extendedResultCode.rawValue)")
    case .SQLITE_TOOBIG: self = .invalid(subject: file, reason: "a value is too long to be stored")
    default: self = .damaged(file: file, reason: reason)
    }
  }
}
