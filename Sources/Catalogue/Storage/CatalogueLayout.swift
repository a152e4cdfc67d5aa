import Foundation

/// Where the files of a catalogue are.
///
/// ```
/// my.kagami/
///   catalogue.sqlite   the system of record (WAL mode)
///   rows/              vector rows, filled by others; rows.1/ after the first compaction, and so on
///   index/             snapshots of the index, one directory each, filled by others
///   CURRENT            names the snapshot in force
///   LOCK               held by the one writing process
/// ```
public struct CatalogueLayout: Hashable, Sendable {
  /// The catalogue's directory.
  public let directory: String

  /// The layout of the catalogue in `directory`.
  public init(directory: String) {
    var path = directory[...]
    while path.count > 1, path.last == "/" { path = path.dropLast() }
    self.directory = String(path)
  }

  /// The SQLite file.
  public var database: String { directory + "/catalogue.sqlite" }
  /// SQLite's write-ahead log, which exists while the catalogue is in use or after a crash.
  public var log: String { database + "-wal" }
  /// The directory of the row files of one generation.
  ///
  /// A compaction of any process may begin another generation at any time, so the number is asked of the record each time, in
  /// the read that needs it (``CatalogueReader/generation()``) or of whoever holds the lock (``CatalogueWriter/position``).
  ///
  /// - Parameter generation: How often the catalogue was compacted.
  /// - Returns: The path.
  public func rows(generation: Int64) -> String { directory + (generation == 0 ? "/rows" : "/rows.\(generation)") }
  /// The directory of the row files of a catalogue that was never compacted.
  var firstRows: String { rows(generation: 0) }
  /// The directory of the snapshots.
  public var index: String { directory + "/index" }
  /// The file that names the snapshot in force.
  public var current: String { directory + "/CURRENT" }
  /// The lock file.
  public var lock: String { directory + "/LOCK" }

  /// The directory that holds the catalogue's directory.
  var parent: String {
    guard let slash = directory.lastIndex(of: "/") else { return "." }
    return slash == directory.startIndex ? "/" : String(directory[..<slash])
  }

  /// The catalogue's name within ``parent``.
  var name: String {
    directory.lastIndex(of: "/").map { String(directory[$0...].dropFirst()) } ?? directory
  }
}

extension CatalogueLayout {
  /// The longest path of a database that SQLite opens, in bytes: it adds endings of up to eight to it, and takes 512 in all.
  static let longestDatabasePath = 504

  /// Makes sure that SQLite opens files here, which only says that it cannot where a path is too long for it.
  ///
  /// - Throws: ``CatalogueError/pathTooLong(path:byteCount:limit:)``.
  func checkLength() throws(CatalogueError) {
    let count = URL(fileURLWithPath: database).resolvingSymlinksInPath().path.utf8.count
    guard count <= Self.longestDatabasePath else {
      throw .pathTooLong(path: directory, byteCount: count, limit: Self.longestDatabasePath)
    }
  }
}
