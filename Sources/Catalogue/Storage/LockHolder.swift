import Foundation

/// Who writes to a catalogue, as far as the lock file tells.
public struct LockHolder: Hashable, Sendable {
  /// The number of its process; nil where the file does not tell, or names a process that is not there.
  public let pid: Int32?
  /// When it took the lock: ISO 8601, UTC.
  public let since: String?

  /// Nobody who said a name.
  static let unnamed = LockHolder(pid: nil, since: nil)

  /// A holder of that number, since that time.
  init(pid: Int32?, since: String?) {
    (self.pid, self.since) = (pid, since)
  }

  /// Who wrote the text of a lock file.
  ///
  /// A name is believed only while its process is there: one that was killed leaves its text behind, and whoever takes the
  /// lock after it needs a moment to write its own.
  init(text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let pid = words.first.flatMap({ Int32($0) }), pid > 0, LockHolder.isThere(pid) else {
      self = .unnamed
      return
    }
    self.init(pid: pid, since: words.dropFirst().first.map(String.init))
  }

  /// The line that a holder leaves in the lock file.
  static func text(at now: Date = Date()) -> String {
    "\(ProcessInfo.processInfo.processIdentifier) \(now.formatted(.iso8601))\n"
  }

  /// Whether a process runs; one that belongs to somebody else does, too.
  private static func isThere(_ pid: Int32) -> Bool {
    kill(pid, 0) == 0 || errno != ESRCH
  }
}

extension CatalogueStore {
  /// Who writes to the catalogue at this moment; nil where nobody does.
  ///
  /// Asks by a shared lock that is given back at once; a writer that comes just then tries again and does not notice.
  ///
  /// - Throws: ``CatalogueError`` where the lock file cannot be opened.
  public func lockHolder() throws(CatalogueError) -> LockHolder? {
    try WriterLock.holder(layout)
  }
}
