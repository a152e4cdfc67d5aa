import Foundation

/// A directory that is there and empty, such as a volume, in which a catalogue is made.
///
/// It is held by the lock of the catalogue to be. The database comes last and makes it a catalogue; what an interrupted attempt left before
/// that is taken for nothing.
struct VacantDirectory {
  private let layout: CatalogueLayout

  /// Where a database is made before it gets its name.
  private static let draftPrefix = ".kagami-draft."
  /// What file systems put into every new volume.
  private static let ofTheSystem: Set<String> = ["lost+found"]

  init(_ layout: CatalogueLayout) {
    self.layout = layout
  }

  /// Whether nothing of anybody's is in the directory.
  static func isVacant(_ layout: CatalogueLayout) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: layout.directory + "/.") else {
      return false
    }
    return names.allSatisfy { name in
      switch name {
      case "LOCK": isFile("\(layout.directory)/\(name)")
      case "rows": (try? FileManager.default.contentsOfDirectory(atPath: layout.firstRows).isEmpty) ?? false
      default: ofTheSystem.contains(name) || name.hasPrefix(draftPrefix)
      }
    }
  }

  private static func isFile(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular
  }

  /// Makes a catalogue in it.
  ///
  /// - Parameters:
  ///   - model: What its vectors are.
  ///   - time: How long to wait for another process that does the same.
  /// - Returns: What was made, and its lock.
  /// - Throws: ``CatalogueError``: `exists` where another process has made one meanwhile.
  func fill(with model: ModelSpace, waitingFor time: Duration) throws -> NewCatalogue {
    let lock = try WriterLock(layout, waitingFor: time)
    guard Self.isVacant(layout) else { throw CatalogueError.exists(path: layout.directory) }
    let made = NewCatalogue(layout: layout, lock: lock, isInside: true)
    do {
      try clear()
      let draft = CatalogueLayout(directory: "\(layout.directory)/\(Self.draftPrefix)\(UUID().uuidString)")
      try makeDirectory(draft.directory)
      try makeDirectory(draft.firstRows)
      try CatalogueStore.writeRecord(of: model, to: draft)
      try renameDirectory(draft.firstRows, to: layout.firstRows)
      try renameFile(draft.database, to: layout.database)
      try Self.remove([draft.directory])
      try FileDescriptor(opening: layout.directory, for: .reading).sync()
      return made
    } catch {
      try? made.discard()
      try? clear()
      throw CatalogueError.translating(error, file: layout.database)
    }
  }

  /// Takes away what an interrupted attempt left.
  private func clear() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: layout.directory)
    try Self.remove(
      names.filter { $0.hasPrefix(Self.draftPrefix) }.map { "\(layout.directory)/\($0)" } + [layout.firstRows])
  }

  /// Removes files and directories, where they are there.
  static func remove(_ paths: [String]) throws {
    for path in paths {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch CocoaError.fileNoSuchFile {
        continue
      } catch {
        throw CatalogueError.naming(error, file: path)
      }
    }
  }
}
