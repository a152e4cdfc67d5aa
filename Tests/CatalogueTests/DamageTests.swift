import Catalogue
import Foundation
import TestSupport
import Testing

/// Whatever the bytes of the file are: an answer or an error that names the file, never a crash.
@Suite struct DamageTests {
  private func makeImage(_ home: TemporaryDirectory) throws -> [UInt8] {
    var items: [ItemRecord] = []
    for i in 0..<300 {
      items.append(
        ItemRecord(
          key: "key/\(i % 250)", member: "m\(i % 7)", work: "w\(i % 31)", kind: "frame", timecode: .number(Double(i)),
          attributes: "{\"page\":\(i),\"tags\":[\"a\",\"b\"]}", checksum: UInt32(i)))
    }
    try home.makeCatalogue().makeWriter().commit(items)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: home.database)))
  }

  /// Does everything that reads, and a commit.
  private func useAll(_ home: TemporaryDirectory) throws {
    let store = try home.open()
    try store.read { reader in
      _ = try reader.verify()
      _ = try reader.counts()
      try reader.forEachItem { _ in }
      try reader.forEachTombstone { _ in }
      try reader.forEachChecksum { _, _ in }
      _ = try reader.members(limit: 100)
      _ = try reader.works(limit: 100)
      _ = try reader.details(of: UInt32(0)..<300)
      _ = try reader.item(forKey: "key/7")
      try reader.forEachOrdinal(matching: Condition(.attribute("page"), .any([.integer(7)])), since: 1) { _ in }
      try reader.forEachOrdinal(matching: Condition(.attribute("tags"), .any([.string("a")]))) { _ in }
      try reader.forEachOrdinal(matching: Condition(.work, .any([.string("w1")]))) { _ in }
    }
    try store.makeWriter().commit(records("key/7", "new"))
  }

  private func expectAnswerOrNamedError(_ home: TemporaryDirectory, _ image: [UInt8], _ what: String) throws {
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: home.database + suffix) }
    try Data(image).write(to: URL(fileURLWithPath: home.database))
    do {
      try useAll(home)
    } catch let error as CatalogueError {
      #expect(error.description.contains(home.database), "\(what): \(error)")
      #expect([65, 74].contains(error.exitCode), "\(what): \(error)")
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `Flipped bytes`(seed: UInt64) throws {
    let home = try TemporaryDirectory()
    let image = try makeImage(home)
    var generator = SeededGenerator(seed: seed)
    for round in 0..<60 {
      var damaged = image
      for _ in 0..<Int.random(in: 1...(round % 4 == 0 ? 200 : 4), using: &generator) {
        let limit = round % 3 == 0 ? 512 : image.count
        damaged[Int.random(in: 0..<limit, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
      }
      try expectAnswerOrNamedError(home, damaged, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: [0, 1, 15, 16, 99, 100, 4095, 4096, 8192, 20_000])
  func `A file cut short`(length: Int) throws {
    let home = try TemporaryDirectory()
    let image = try makeImage(home)
    try expectAnswerOrNamedError(home, Array(image.prefix(length)), "\(length) bytes")
  }

  @Test func `A file of something else is damaged`() throws {
    let home = try TemporaryDirectory()
    _ = try makeImage(home)
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: home.database))
    guard case .damaged(home.database, _) = catalogueError({ _ = try home.open(.readOnly) }) else {
      Issue.record("opened")
      return
    }
  }
}
