import GRDB

/// The SQLite library in use, and what has to be known about its version.
public enum SQLiteLibrary {
  /// Its version, such as `3.40.1`.
  public static var version: String { CatalogueStore.sqliteVersion }

  /// What is known about the version that a person should know; nil for nothing.
  public static var note: String? {
    guard hasResetRace(Int(Database.sqliteLibVersionNumber)) else { return nil }
    return "has the WAL-reset race that 3.51.3 fixed; kept clear of, since one connection both writes and checkpoints"
  }

  /// Whether a version can lose a commit when one connection resets the log while another writes.
  ///
  /// 3.7.0 to 3.51.2 can; the correction also came as 3.50.7 and 3.44.6.
  ///
  /// - Parameter number: As SQLite counts: 3,040,001 for 3.40.1.
  /// - Returns: Whether it is one of those.
  public static func hasResetRace(_ number: Int) -> Bool {
    switch number {
    case 3_044_006..<3_045_000, 3_050_007..<3_051_000: false
    case 3_007_000..<3_051_003: true
    default: false
    }
  }
}
