import Foundation
import GRDB

/// How SQLite connections to a catalogue are opened.
///
/// The safe topology: one process holds `LOCK`, one connection of it writes and checkpoints, and every reader opens
/// read-only and so never checkpoints. SQLite 3.7.0 to 3.51.2 can lose a commit when one connection resets the log while
/// another writes; here that is always the same connection.
enum Connections {
  /// Opens the readers of a catalogue.
  ///
  /// SQLite needs shared memory beside the file. Where a directory that cannot be written to lacks it, the file is opened
  /// as immutable, which is right as long as no log waits beside it.
  static func openReaders(_ layout: CatalogueLayout, count: Int) throws -> any DatabaseReader {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.maximumReaderCount = max(1, count)
    configuration.busyMode = .timeout(5)
    configuration.label = "kagami.catalogue"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY")
    }
    do {
      return try DatabasePool(path: layout.database, configuration: configuration)
    } catch let error as DatabaseError where isForWantOfSharedMemory(error) {
      guard !hasLog(layout) else {
        throw CatalogueError.permissionDenied(
          file: layout.log, reason: "it holds commits that can only be read where the directory can be written to")
      }
      guard FileManager.default.isReadableFile(atPath: layout.database) else { throw error }
      return try DatabasePool(path: immutableURI(layout.database), configuration: configuration)
    }
  }

  /// Milliseconds that the writing connection waits for others.
  static let writerPatience = 10_000

  /// Opens the writing connection.
  static func openWriter(_ layout: CatalogueLayout) throws -> DatabaseQueue {
    var configuration = Configuration()
    // Numbers come from the writer's own tables; asking SQLite again for every item costs a tenth of an import.
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(TimeInterval(writerPatience) / 1000)
    configuration.label = "kagami.catalogue.writer"
    // A log that begins anew after a few hundred single edits: a commit that makes the file longer takes half as long again, since its size has to be
    // made durable too.
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA cache_size = -65536;
          PRAGMA temp_store = MEMORY;
          PRAGMA wal_autocheckpoint = 1000;
          PRAGMA journal_size_limit = 67108864;
          """)
    }
    return try DatabaseQueue(path: layout.database, configuration: configuration)
  }

  private static func isForWantOfSharedMemory(_ error: DatabaseError) -> Bool {
    error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
  }

  private static func hasLog(_ layout: CatalogueLayout) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: layout.log)
    return (attributes?[.size] as? Int64 ?? 0) > 0
  }

  private static func immutableURI(_ path: String) -> String {
    let absolute = URL(fileURLWithPath: path).path
    let escaped = absolute.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["/"])) ?? absolute
    return "file:" + escaped + "?immutable=1"
  }
}
