import Catalogue
import Foundation
import TestSupport
import Testing

/// What a user may do who cannot write to the catalogue's directory; the superuser always can.
@Suite(.enabled(if: geteuid() != 0)) struct ReadOnlyDirectoryTests {
  private func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func `A catalogue in a read-only directory can be read`() throws {
    let home = try TemporaryDirectory()
    try home.makeCatalogue().makeWriter().commit(records("a", "b"))
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: home.database + suffix) }
    try setMode(0o444, of: home.database)
    try setMode(0o555, of: home.catalogue)
    defer { try? setMode(0o755, of: home.catalogue) }
    #expect(try home.open(.readOnly).liveKeys() == [0: "a", 1: "b"])
  }

  @Test func `A lock that may not be taken is a matter of permission`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    try setMode(0o444, of: home.catalogue + "/LOCK")
    #expect(catalogueError { _ = try store.makeWriter() }?.exitCode == 77)
  }

  @Test func `A catalogue that may not be read is a matter of permission`() throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    try setMode(0, of: home.database)
    let error = catalogueError { _ = try home.open(.readOnly) }
    #expect(error?.exitCode == 77)
    #expect(error?.description.contains(home.database) == true)
  }

  @Test func `Nothing can be created in a read-only directory`() throws {
    let home = try TemporaryDirectory()
    try setMode(0o555, of: home.path)
    defer { try? setMode(0o755, of: home.path) }
    let error = catalogueError { try CatalogueStore.create(at: home.catalogue, model: ModelSpace(dimension: 8)) }
    #expect(error == .permissionDenied(file: home.path, reason: "Permission denied"))
    #expect(error?.exitCode == 77)
  }
}
