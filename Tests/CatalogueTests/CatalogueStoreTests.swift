import Catalogue
import Foundation
import TestSupport
import Testing

@Suite struct CatalogueStoreTests {
  @Test(arguments: ModelSpace.Metric.allCases, ModelSpace.Storage.allCases)
  func `A created catalogue opens with what it was created with`(
    metric: ModelSpace.Metric, storage: ModelSpace.Storage
  ) throws {
    let home = try TemporaryDirectory()
    let model = ModelSpace(
      name: "clip 'x'", dimension: 512, metric: metric, storage: storage, preprocessing: "crop", digest: "sha256:1")
    let store = try home.makeCatalogue(model)
    #expect(store.identity.model == model)
    #expect(store.identity.format == 4)
    #expect(UUID(uuidString: store.identity.id) != nil)
    #expect(try store.seq() == 0)
    #expect(try store.read { try $0.counts() } == CatalogueCounts())
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: home.catalogue)).isSuperset(of: ["rows", "LOCK"]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["art.kagami"])
  }

  @Test(arguments: ["file", "directory", "catalogue", "dangling link"])
  func `Nothing that exists is replaced`(what: String) throws {
    let home = try TemporaryDirectory()
    switch what {
    case "file": try Data("x".utf8).write(to: URL(fileURLWithPath: home.catalogue))
    case "directory":
      try FileManager.default.createDirectory(atPath: home.catalogue + "/letters", withIntermediateDirectories: true)
    case "catalogue": try CatalogueStore.create(at: home.catalogue, model: ModelSpace(dimension: 4))
    default: try FileManager.default.createSymbolicLink(atPath: home.catalogue, withDestinationPath: "/nowhere/at/all")
    }
    let error = catalogueError { try CatalogueStore.create(at: home.catalogue, model: ModelSpace(dimension: 8)) }
    #expect(error == .exists(path: home.catalogue))
    #expect(error?.exitCode == 73)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["art.kagami"])
  }

  @Test func `Creation without a parent directory is refused`() throws {
    let home = try TemporaryDirectory()
    let error = catalogueError { try CatalogueStore.create(at: home.path + "/a/b", model: ModelSpace(dimension: 8)) }
    guard case .cannotCreate = error else { throw error ?? CatalogueError.missing(path: "an error") }
    #expect(error?.exitCode == 73)
  }

  @Test(arguments: [0, -1, Int.max, Int.min])
  func `A dimension that cannot be is refused`(dimension: Int) throws {
    let home = try TemporaryDirectory()
    let error = catalogueError {
      try CatalogueStore.create(at: home.catalogue, model: ModelSpace(dimension: dimension))
    }
    #expect(error?.exitCode == 65)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
  }

  @Test func `What is missing is named`() throws {
    let home = try TemporaryDirectory()
    #expect(catalogueError { _ = try home.open() } == .missing(path: home.catalogue))
    try FileManager.default.createDirectory(atPath: home.catalogue, withIntermediateDirectories: false)
    let error = catalogueError { _ = try home.open() }
    #expect(error == .missing(path: home.database))
    #expect(error?.exitCode == 66)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.catalogue).isEmpty, "opening makes no files")
  }

  @Test func `A file is not a catalogue`() throws {
    let home = try TemporaryDirectory()
    try Data("x".utf8).write(to: URL(fileURLWithPath: home.catalogue))
    guard case .notACatalogue(home.catalogue, _) = catalogueError({ _ = try home.open() }) else {
      Issue.record("a file was opened")
      return
    }
  }

  @Test func `Another program's SQLite file is not a catalogue`() throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    try home.tamper("PRAGMA application_id = 7")
    let error = catalogueError { _ = try home.open() }
    #expect(error == .notACatalogue(path: home.database, reason: "an SQLite file of another program"))
    #expect(error?.exitCode == 65)
  }

  @Test func `A newer format is refused with both versions`() throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    try home.tamper("PRAGMA user_version = 5")
    let error = try #require(catalogueError { _ = try home.open() })
    #expect(error == .newer(file: home.database, format: 5, supported: 4))
    #expect(error.exitCode == 65)
    #expect(error.description.contains("format 5") && error.description.contains("format 4"))
  }

  @Test(arguments: [
    "PRAGMA user_version = 0", "DELETE FROM model", "DELETE FROM catalogue", "DROP TABLE model",
    "UPDATE model SET dimension = -1", "UPDATE model SET dimension = 9000000000000",
    "UPDATE model SET dimension = 1048577",
    "UPDATE model SET metric = 'hamming'",
    "UPDATE model SET storage = ''",
  ])
  func `A catalogue that does not say what it is is damaged`(sql: String) throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    try home.tamper(sql)
    guard case .damaged(home.database, _) = catalogueError({ _ = try home.open() }) else {
      Issue.record("opened after \(sql)")
      return
    }
  }

  @Test func `A path may end in a slash`() throws {
    let home = try TemporaryDirectory()
    try CatalogueStore.create(at: home.catalogue + "//", model: ModelSpace(dimension: 8))
    #expect(try CatalogueStore.open(at: home.catalogue + "/", access: .readOnly).layout.directory == home.catalogue)
  }

  @Test func `SQLite's version has three parts`() {
    #expect(CatalogueStore.sqliteVersion.split(separator: ".").count == 3)
  }
}
