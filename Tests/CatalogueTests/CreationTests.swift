import Catalogue
import Foundation
import TestSupport
import Testing

/// Where catalogues are made, and what others see meanwhile.
@Suite struct CreationTests {
  private let home: TemporaryDirectory
  private let files = FileManager.default

  init() throws {
    home = try TemporaryDirectory()
  }

  private func makeFolder(_ names: String...) throws {
    try files.createDirectory(atPath: home.catalogue, withIntermediateDirectories: false)
    for name in names {
      try files.createDirectory(atPath: "\(home.catalogue)/\(name)", withIntermediateDirectories: false)
    }
  }

  private func create(_ path: String? = nil) throws -> NewCatalogue {
    try CatalogueStore.create(at: path ?? home.catalogue, model: ModelSpace(dimension: 8))
  }

  @Test func `Its lock is held from before it can be seen until it is let go`() throws {
    try withExtendedLifetime(create()) {
      guard case .locked(_, let pid, _)? = catalogueError({ _ = try home.open().makeWriter() }) else {
        Issue.record("somebody else got the lock")
        return
      }
      #expect(pid == getpid())
    }
    _ = try home.open().makeWriter()
  }

  @Test func `Its maker writes with the lock that it has`() throws {
    let made = try create()
    let writer = try home.open().makeWriter(of: made)
    try writer.commit(records("a"))
    #expect(try home.open(.readOnly).liveKeys() == [0: "a"])
  }

  @Test(arguments: [[], ["lost+found"], ["rows"], [".kagami-draft.1"]])
  func `An empty directory becomes a catalogue`(_ names: [String]) throws {
    try makeFolder()
    for name in names {
      try files.createDirectory(atPath: "\(home.catalogue)/\(name)", withIntermediateDirectories: false)
    }
    let before = try files.attributesOfItem(atPath: home.catalogue)[.systemFileNumber] as? Int
    _ = try create()
    #expect(try files.attributesOfItem(atPath: home.catalogue)[.systemFileNumber] as? Int == before)
    let found = Set(try files.contentsOfDirectory(atPath: home.catalogue))
    #expect(found == Set(["LOCK", "catalogue.sqlite", "rows"] + names.filter { $0 == "lost+found" }))
    try home.open().makeWriter().commit(records("a"))
    #expect(try home.open(.readOnly).liveKeys() == [0: "a"])
  }

  @Test(arguments: ["index", "letters", "catalogue.sqlite"])
  func `A directory with anything in it does not`(_ name: String) throws {
    try makeFolder(name)
    #expect(catalogueError { _ = try create() } == .exists(path: home.catalogue))
    #expect(try files.contentsOfDirectory(atPath: home.catalogue) == [name])
  }

  @Test func `Of two that make one in the same directory the second waits, or is told`() throws {
    try makeFolder()
    let descriptor = open(home.catalogue + "/LOCK", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    #expect(catalogueError { _ = try create() }?.exitCode == 75)
    flock(descriptor, LOCK_UN)
    _ = try create()
  }

  @Test(arguments: [false, true])
  func `What was made is taken away again as a whole`(_ isInside: Bool) throws {
    if isInside { try makeFolder() }
    let made = try create()
    try made.discard()
    #expect(try files.contentsOfDirectory(atPath: home.path) == (isInside ? ["art.kagami"] : []))
    if isInside { #expect(try files.contentsOfDirectory(atPath: home.catalogue) == []) }
    #expect(CatalogueStore.isVacant(home.catalogue))
  }

  /// A lock on a file that is gone would let two write to what came in its place.
  @Test(arguments: [false, true])
  func `Whoever waited for a catalogue that was taken away does not write to another`(_ isInside: Bool) throws {
    if isInside { try makeFolder() }
    let made = try create()
    let waiting = try home.open()
    try made.discard()
    #expect(catalogueError { _ = try waiting.makeWriter() }?.exitCode == 66)
    try withExtendedLifetime(create()) {
      #expect(catalogueError { _ = try waiting.makeWriter() }?.exitCode == 75)
    }
    #expect(catalogueError { _ = try waiting.makeWriter() } == .busy(file: home.database))
  }

  @Test(arguments: ["LOCK", "catalogue.sqlite"])
  func `A link in the place of a file is refused by name`(_ name: String) throws {
    let store = try home.makeCatalogue()
    let (file, victim) = ("\(home.catalogue)/\(name)", home.path + "/victim")
    try files.moveItem(atPath: file, toPath: victim)
    try files.createSymbolicLink(atPath: file, withDestinationPath: victim)
    let before = try Data(contentsOf: URL(fileURLWithPath: victim))
    let error = catalogueError { _ = try store.makeWriter() }
    #expect(error?.exitCode == 77)
    #expect(error?.description.contains(file) == true && error?.description.contains("symbolic link") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == before)
  }

  @Test func `A path that is too long for SQLite is its own error`() throws {
    let long = home.path + String(repeating: "/" + String(repeating: "d", count: 100), count: 5)
    try files.createDirectory(atPath: long, withIntermediateDirectories: true)
    for error in [catalogueError { _ = try create(long + "/art") }, catalogueError { _ = try create(long) }] {
      guard case .pathTooLong(_, let count, 504)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(count > 504 && error?.exitCode == 73)
    }
    guard case .pathTooLong? = catalogueError({ _ = try CatalogueStore.open(at: long, access: .readOnly) }) else {
      Issue.record("it was opened")
      return
    }
  }
}
