import Foundation

/// A catalogue that this process has just made, and the lock that it has held since before anybody could see it.
///
/// As long as the object lives nobody else can have written to the catalogue, so that it may be taken away again.
public final class NewCatalogue: Sendable {
  let layout: CatalogueLayout
  let lock: WriterLock
  /// Whether the directory was there before.
  private let isInside: Bool

  init(layout: CatalogueLayout, lock: WriterLock, isInside: Bool) {
    (self.layout, self.lock, self.isInside) = (layout, lock, isInside)
  }

  /// Takes the catalogue away: what was made, and nothing else.
  ///
  /// Others who wait for its lock then find that it is gone. Whoever made a writer must have let it go, and committed nothing with it.
  ///
  /// - Throws: ``CatalogueError`` where the system does not let it go; then it is there and empty, or no catalogue any more.
  public func discard() throws {
    guard isInside else {
      // One step for those who look: they find the whole, or nothing.
      let draft = "\(layout.parent)/.\(layout.name).\(UUID().uuidString)"
      try renameDirectory(layout.directory, to: draft)
      return try VacantDirectory.remove([draft])
    }
    // Without its database it is no catalogue; the lock goes last.
    try VacantDirectory.remove([layout.database, layout.log, layout.database + "-shm"])
    try VacantDirectory.remove([layout.firstRows, layout.index, layout.current, layout.lock])
  }
}
