import Foundation
import GRDB

/// The system of record of one catalogue directory: which items it has, whose they are, and in which commit they came.
///
/// It knows no vectors. An item is addressed by its ordinal, the number of its row over all row files; whoever keeps
/// the rows appends and syncs them first and commits their records here afterwards, so that a committed record always
/// has its row, and bytes past the last committed row mean nothing.
///
/// ```swift
/// let store = try CatalogueStore.open(at: "art.kagami", access: .readWrite)
/// let commit = try store.makeWriter().commit(items, startingAt: first)
/// let seq = try store.read { try $0.seq() }
/// ```
///
/// - Concurrency: Any thread may read at any time. Many processes may read while one writes.
public final class CatalogueStore: Sendable {
  /// What a store may do.
  public enum Access: Sendable {
    /// Reading only; also where the directory cannot be written to.
    case readOnly
    /// Reading, and writing once the lock is taken.
    case readWrite
  }

  /// Where the catalogue's files are.
  public let layout: CatalogueLayout
  /// What never changes about the catalogue.
  public let identity: CatalogueIdentity
  /// What this store may do.
  public let access: Access

  let readers: any DatabaseReader

  private init(layout: CatalogueLayout, access: Access, readers: any DatabaseReader, identity: CatalogueIdentity) {
    self.layout = layout
    self.access = access
    self.readers = readers
    self.identity = identity
  }

  /// Opens the catalogue at `path`.
  ///
  /// - Parameters:
  ///   - path: The catalogue's directory.
  ///   - access: What the store may do. No lock is taken before ``makeWriter()``.
  ///   - readerCount: Reads that may run at the same time; others wait for one of them.
  /// - Returns: The open catalogue.
  /// - Throws: ``CatalogueError``, among them `missing`, `notACatalogue`, `newer`, `damaged` and `permissionDenied`.
  public static func open(at path: String, access: Access, readerCount: Int = 4) throws -> CatalogueStore {
    let layout = CatalogueLayout(directory: path)
    try checkFiles(layout)
    do {
      let readers = try Connections.openReaders(layout, count: readerCount)
      let identity = try readers.read { db in
        try Schema.check(db, file: layout.database)
        return try Schema.identity(db, file: layout.database)
      }
      return CatalogueStore(layout: layout, access: access, readers: readers, identity: identity)
    } catch {
      throw CatalogueError.translating(error, file: layout.database)
    }
  }

  /// Names what is missing before SQLite is asked, which would only say that it cannot open the file.
  private static func checkFiles(_ layout: CatalogueLayout) throws(CatalogueError) {
    let files = FileManager.default
    let directory = layout.directory
    try layout.checkLength()
    guard try FileDescriptor.isDirectory(directory) else {
      throw .notACatalogue(path: directory, reason: "not a directory")
    }
    _ = try FileDescriptor.isDirectory(layout.database)
    guard files.isReadableFile(atPath: layout.database) else {
      throw .permissionDenied(file: layout.database, reason: "the file cannot be read")
    }
  }

  /// Whether a catalogue may be made at `path`: nothing is there, or a directory that is empty.
  public static func isVacant(_ path: String) -> Bool {
    let layout = CatalogueLayout(directory: path)
    return !exists(layout.directory) || VacantDirectory.isVacant(layout)
  }

  /// Takes the catalogue's lock and returns its one writer.
  ///
  /// The lock is given back when the writer is no longer referenced. A catalogue of an older format is brought up to date.
  ///
  /// Others may have committed, and compacted, between whatever was read of the catalogue before and this call. Whoever acts on
  /// what it read compares it with ``CatalogueWriter/position`` first.
  ///
  /// - Parameters:
  ///   - time: How long to wait for another writer to end.
  ///   - now: Tells the time to records of permissions: milliseconds since 1970, UTC.
  /// - Returns: The writer.
  /// - Throws: ``CatalogueError/locked(path:pid:since:)`` while there is another writer, in this process or elsewhere;
  ///   ``CatalogueError/readOnly(path:)`` if the store was opened for reading.
  public func makeWriter(
    waitingFor time: Duration = .zero,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
  ) throws -> CatalogueWriter {
    guard access == .readWrite else { throw CatalogueError.readOnly(path: layout.directory) }
    return try makeWriter(holding: WriterLock(layout, waitingFor: time), now: now)
  }

  /// Returns the writer of a catalogue that this process has just made, whose lock it holds already.
  ///
  /// - Throws: ``CatalogueError``.
  public func makeWriter(of made: NewCatalogue) throws -> CatalogueWriter {
    try makeWriter(holding: made.lock) { Int64(Date().timeIntervalSince1970 * 1000) }
  }

  private func makeWriter(holding lock: WriterLock, now: @escaping @Sendable () -> Int64) throws -> CatalogueWriter {
    // SQLite would make an empty file.
    guard FileManager.default.fileExists(atPath: layout.database) else {
      throw CatalogueError.missing(path: layout.database)
    }
    // Nor does it look whether it goes through a link.
    for file in [layout.database, layout.log, layout.database + "-shm"] where FileDescriptor.isLink(file) {
      throw CatalogueError.opening(ELOOP, file: file)
    }
    do {
      let writer = try CatalogueWriter(layout: layout, lock: lock, now: now)
      // Another catalogue may have come in the place of the one that was opened.
      guard try writer.catalogueID() == identity.id else { throw CatalogueError.busy(file: layout.database) }
      return writer
    } catch {
      throw CatalogueError.translating(error, file: layout.database)
    }
  }

  /// Reads from one consistent state of the catalogue.
  ///
  /// All that `body` asks is answered as of the same commit, whatever is written meanwhile.
  ///
  /// - Parameter body: Must not let the reader escape, and must not call `read` of the same store again.
  /// - Returns: What `body` returned.
  /// - Throws: ``CatalogueError``, or what `body` throws.
  /// - Concurrency: Reads run in parallel, up to the store's reader count.
  public func read<Value>(_ body: (CatalogueReader) throws -> Value) throws -> Value {
    do {
      return try readers.read { db in try body(CatalogueReader(db: db, file: layout.database)) }
    } catch {
      throw CatalogueError.translating(error, file: layout.database)
    }
  }

  /// The number of the last commit, of whichever process: cheap enough to be asked several times a second.
  public func seq() throws -> Int64 {
    try read { try $0.seq() }
  }

  /// The version of the SQLite library in use, such as `3.40.1`.
  public static var sqliteVersion: String {
    let number = Database.sqliteLibVersionNumber
    return "\(number / 1_000_000).\(number / 1000 % 1000).\(number % 1000)"
  }
}
