import Foundation
import GRDB

extension CatalogueStore {
  /// Copies the catalogue to `path`, whole or not at all, while any process goes on writing to it.
  ///
  /// The record is copied first, by SQLite's online backup and so as of one commit; then `body` adds what belongs to that
  /// state: row files never change below the rows that the copy names, and so may be copied afterwards.
  ///
  /// - Parameters:
  ///   - path: Where the copy shall be; its directory must exist.
  ///   - body: Copies rows and snapshots into the draft and syncs them, given the state that the copied record shows. What it throws ends
  ///     the copy.
  /// - Returns: What `body` returned.
  /// - Throws: ``CatalogueError``, among them `exists`, `cannotCreate`, `permissionDenied` and `full`, or what `body` throws;
  ///   nothing is then left at `path`.
  public func backUp<Value>(
    to path: String, _ body: (_ draft: CatalogueLayout, _ copied: CataloguePosition) throws -> Value
  ) throws -> Value {
    try CatalogueStore.withDraft(of: CatalogueLayout(directory: path)) { draft in
      try copyRecord(to: draft)
      // The copy says which generation of rows belongs to it.
      let copy = try CatalogueStore.open(at: draft.directory, access: .readOnly, readerCount: 1)
      let copied = try copy.read { try $0.position() }
      let rows = draft.rows(generation: copied.generation)
      try makeDirectory(rows)
      try FileDescriptor(opening: draft.lock, for: .writing).sync()
      let value = try body(draft, copied)
      removeEmptyLog(of: draft)
      try FileDescriptor(opening: rows, for: .reading).sync()
      try FileDescriptor(opening: draft.directory, for: .reading).sync()
      return value
    }
  }

  private func copyRecord(to draft: CatalogueLayout) throws {
    do {
      let copy = try DatabaseQueue(path: draft.database)
      try readers.backup(to: copy)
      try copy.close()
    } catch {
      throw CatalogueError.translating(error, file: draft.database)
    }
    try FileDescriptor(opening: draft.database, for: .reading).sync()
  }

  /// Whoever looked at the draft left SQLite's shared memory there, which means nothing once nobody looks.
  private func removeEmptyLog(of draft: CatalogueLayout) {
    let log = try? FileManager.default.attributesOfItem(atPath: draft.log)
    guard (log?[.size] as? NSNumber)?.intValue ?? 0 == 0 else { return }
    for file in [draft.log, draft.database + "-shm"] { try? FileManager.default.removeItem(atPath: file) }
  }
}
