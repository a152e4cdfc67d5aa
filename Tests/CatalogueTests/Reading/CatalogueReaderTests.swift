import Catalogue
import TestSupport
import Testing

@Suite struct CatalogueReaderTests {
  /// Five commits: 0...2, 3, replace 0 by 4, remove 1, 5...6.
  private func makeHistory(_ home: TemporaryDirectory) throws -> CatalogueStore {
    let store = try home.makeCatalogue()
    let writer = try store.makeWriter()
    try writer.commit([
      ItemRecord(key: "a", member: "m", work: "w", checksum: 10), ItemRecord(key: "b", member: "m", checksum: 11),
      ItemRecord(key: "c", checksum: 12),
    ])
    try writer.commit([ItemRecord(key: "d", member: "n", work: "w", checksum: 13)])
    try writer.commit([ItemRecord(key: "a", member: "m", work: "v", checksum: 14)])
    _ = try writer.remove(["b"])
    try writer.commit(records("e", "f", checksum: 15))
    return store
  }

  @Test func `Items come in order with numbers and tombstones`() throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    var entries: [ItemEntry] = []
    try store.read { try $0.forEachItem { entries.append($0) } }
    #expect(entries.map(\.ordinal) == [0, 1, 2, 3, 4, 5, 6])
    #expect(entries.map(\.key) == ["a", "b", "c", "d", "a", "e", "f"])
    #expect(entries.map(\.member) == [1, 1, 0, 2, 1, 0, 0])
    #expect(entries.map(\.work) == [1, 0, 0, 2, 3, 0, 0])
    #expect(entries.map(\.isRemoved) == [true, true, false, false, false, false, false])
  }

  @Test(
    arguments: [
      (0, nil, 0..<7), (-1, nil, 0..<7), (1, nil, 3..<7), (2, nil, 4..<7), (3, nil, 5..<7), (4, nil, 5..<7),
      (5, nil, 7..<7),
      (99, nil, 7..<7), (0, 1, 0..<3), (0, 4, 0..<5), (1, 2, 3..<4), (0, 0, 0..<0), (3, 2, 5..<5),
    ] as [(Int64, Int64?, Range<UInt32>)])
  func `Items between two commits`(seq: Int64, last: Int64?, expected: Range<UInt32>) throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    var ordinals: [UInt32] = []
    try store.read { try $0.forEachItem(since: seq, upTo: last) { ordinals.append($0.ordinal) } }
    #expect(ordinals == Array(expected))
  }

  @Test(arguments: [(0, [0, 1]), (2, [0, 1]), (3, [1]), (4, []), (9, [])] as [(Int64, [UInt32])])
  func `Tombstones since a commit`(seq: Int64, expected: [UInt32]) throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    var ordinals: [UInt32] = []
    try store.read { try $0.forEachTombstone(since: seq) { ordinals.append($0) } }
    #expect(ordinals == expected)
  }

  @Test func `Checksums come for every row`() throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    var checksums: [UInt32] = []
    try store.read {
      try $0.forEachChecksum {
        #expect($0 == UInt32(checksums.count)); checksums.append($1)
      }
    }
    #expect(checksums == [10, 11, 12, 13, 14, 15, 15])
  }

  @Test func `Details come in the order asked for`() throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    let details = try store.read { try $0.details(of: [4, 99, 0, 4, .max]) }
    #expect(details.map { $0?.record.key } == ["a", nil, "a", "a", nil])
    #expect(details.map { $0?.record.work } == ["v", nil, "w", "v", nil])
    #expect(details.map { $0?.removedSeq } == [nil, nil, 3, nil, nil])
    #expect(try store.read { try $0.item(forKey: "b") } == nil)
    #expect(try store.read { try $0.item(forKey: "c\0") } == nil)
  }

  @Test func `Counts leave out what was removed`() throws {
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    #expect(try store.read { try $0.counts() } == CatalogueCounts(items: 5, rows: 7, members: 2, works: 3))
  }

  @Test func `A visit that throws ends the reading`() throws {
    struct Enough: Error {}
    let home = try TemporaryDirectory()
    let store = try makeHistory(home)
    var visits = 0
    #expect(throws: Enough.self) {
      try store.read {
        try $0.forEachItem { _ in
          visits += 1
          if visits == 2 { throw Enough() }
        }
      }
    }
    #expect(visits == 2)
  }
}
