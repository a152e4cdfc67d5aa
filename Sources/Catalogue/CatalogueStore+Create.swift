import Foundation
import GRDB

extension CatalogueStore {
  /// Creates an empty catalogue at `path`, whole or not at all.
  ///
  /// It is built in a temporary directory beside its place, synced, and then given its name.
  ///
  /// - Throws: ``CatalogueError``, among them `exists`, `cannotCreate` (no directory to create it in), `invalid` (the
  ///   dimension), `permissionDenied` and `full`.
  public static func create(at path: String, model: ModelSpace) throws {
    let layout = CatalogueLayout(directory: path)
    guard (1...ModelSpace.largestDimension).contains(model.dimension) else {
      throw CatalogueError.invalid(
        subject: "dimension", reason: "\(model.dimension) is not between 1 and \(ModelSpace.largestDimension)")
    }
    try withDraft(of: layout) { draft in try fill(draft, model: model) }
  }

  /// Lets `body` fill a directory beside the place of a new catalogue, and gives it the catalogue's name when it is whole.
  ///
  /// - Parameters:
  ///   - layout: Where the catalogue shall be.
  ///   - body: Fills the draft, which exists and is empty, and syncs all that it puts there.
  /// - Returns: What `body` returned.
  /// - Throws: As ``create(at:model:)`` does, or what `body` throws; nothing is then left.
  static func withDraft<Value>(
    of layout: CatalogueLayout, _ body: (_ draft: CatalogueLayout) throws -> Value
  ) throws -> Value {
    guard !exists(layout.directory) else { throw CatalogueError.exists(path: layout.directory) }
    let draft = CatalogueLayout(directory: "\(layout.parent)/.\(layout.name).\(UUID().uuidString)")
    do {
      try makeDirectory(draft.directory)
    } catch .missing {
      throw CatalogueError.cannotCreate(path: layout.directory, reason: "there is no directory \(layout.parent)")
    } catch .permissionDenied(_, let reason) {
      throw CatalogueError.permissionDenied(file: layout.parent, reason: reason)
    }
    do {
      let value = try body(draft)
      try renameDirectory(draft.directory, to: layout.directory)
      try FileDescriptor(opening: layout.parent, for: .reading).sync()
      return value
    } catch {
      try? FileManager.default.removeItem(atPath: draft.directory)
      throw CatalogueError.translating(error, file: layout.database)
    }
  }

  /// Whether anything is at `path`, also a link that leads nowhere.
  private static func exists(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  private static func fill(_ draft: CatalogueLayout, model: ModelSpace) throws {
    try makeDirectory(draft.rows(generation: 0))
    let database = try Connections.openWriter(draft)
    try database.inTransaction { db in
      try Schema.install(in: db)
      try db.execute(
        sql: "INSERT INTO catalogue (one, id, format, created_at, seq) VALUES (1, ?, ?, ?, 0)",
        arguments: [UUID().uuidString, Schema.format, Date().formatted(.iso8601)])
      try db.execute(
        sql: "INSERT INTO model VALUES (1, ?, ?, ?, ?, ?, ?)",
        arguments: [
          model.name, model.dimension, model.metric.rawValue, model.storage.rawValue, model.preprocessing, model.digest,
        ])
      return .commit
    }
    try database.close()  // the last connection moves the log into the file
    try FileDescriptor(opening: draft.lock, for: .writing).sync()
    try FileDescriptor(opening: draft.database, for: .reading).sync()
    try FileDescriptor(opening: draft.rows(generation: 0), for: .reading).sync()
    try FileDescriptor(opening: draft.directory, for: .reading).sync()
  }
}
