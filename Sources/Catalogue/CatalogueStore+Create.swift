import Foundation
import GRDB

extension CatalogueStore {
  /// Creates an empty catalogue at `path`, whole or not at all.
  ///
  /// It is built in a temporary directory beside its place, synced, and then given its name. In a directory that exists and is empty, such
  /// as a volume, it is built inside; its database comes last, and makes it a catalogue. What a process that was killed leaves there is
  /// cleared away by the next.
  ///
  /// The catalogue's lock is taken before it can be seen, and held until the answer is let go: nobody else writes to it before the one who
  /// made it.
  ///
  /// - Parameters:
  ///   - path: Where it shall be: nothing is there, or an empty directory.
  ///   - model: What its vectors are.
  ///   - time: How long to wait for another process that makes a catalogue in the same empty directory.
  /// - Returns: What was made, and its lock.
  /// - Throws: ``CatalogueError``, among them `exists`, `cannotCreate` (no directory to create it in), `invalid` (the
  ///   dimension), `permissionDenied`, `locked` and `full`.
  @discardableResult
  public static func create(
    at path: String, model: ModelSpace, waitingFor time: Duration = .zero
  ) throws -> NewCatalogue {
    let layout = CatalogueLayout(directory: path)
    guard (1...ModelSpace.largestDimension).contains(model.dimension) else {
      throw CatalogueError.invalid(
        subject: "dimension", reason: "\(model.dimension) is not between 1 and \(ModelSpace.largestDimension)")
    }
    try layout.checkLength()
    if VacantDirectory.isVacant(layout) { return try VacantDirectory(layout).fill(with: model, waitingFor: time) }
    let lock = try withDraft(of: layout) { draft in
      try makeDirectory(draft.firstRows)
      let lock = try WriterLock(draft)
      try writeRecord(of: model, to: draft)
      try FileDescriptor(opening: draft.directory, for: .reading).sync()
      return lock
    }
    return NewCatalogue(layout: layout, lock: lock, isInside: false)
  }

  /// Lets `body` fill a directory beside the place of a new catalogue, and gives it the catalogue's name when it is whole.
  ///
  /// - Parameters:
  ///   - layout: Where the catalogue shall be.
  ///   - body: Fills the draft, which exists and is empty, and syncs all that it puts there.
  /// - Returns: What `body` returned.
  /// - Throws: As ``create(at:model:waitingFor:)`` does, or what `body` throws; nothing is then left.
  static func withDraft<Value>(
    of layout: CatalogueLayout, _ body: (_ draft: CatalogueLayout) throws -> Value
  ) throws -> Value {
    guard !exists(layout.directory) else { throw CatalogueError.exists(path: layout.directory) }
    try layout.checkLength()
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
  static func exists(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  /// Writes the database of an empty catalogue, durably.
  static func writeRecord(of model: ModelSpace, to draft: CatalogueLayout) throws {
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
    try FileDescriptor(opening: draft.database, for: .reading).sync()
    try FileDescriptor(opening: draft.firstRows, for: .reading).sync()
  }
}
