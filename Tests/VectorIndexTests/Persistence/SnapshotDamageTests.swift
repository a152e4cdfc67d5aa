import TestSupport
import Testing
import VectorIndex

/// A snapshot that is not what was written gets an error that names the file and the section, and never ends the process.
@Suite struct SnapshotDamageTests {
  private func reason(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let error as IndexError {
      return error.description
    } catch {
      return nil
    }
  }

  @Test func truncatedFilesAreRefusedWhereverTheyEnd() throws {
    let fixture = try SnapshotFixture(rows: 3000, ballast: 2_500_000)
    let bytes = try fixture.directory.read(SnapshotFixture.name)
    for length in Array(stride(from: 0, to: bytes.count, by: 4096)) + [1, 4095, 4097, bytes.count - 1] {
      try fixture.directory.write(bytes.prefix(length), to: SnapshotFixture.name)
      #expect(reason { _ = try fixture.open() }?.hasPrefix(fixture.path) == true, "\(length) bytes")
    }
    try fixture.directory.write(bytes + [0], to: SnapshotFixture.name)
    #expect(throws: IndexError.self, "one byte too many") { try fixture.open() }
    try fixture.directory.write(bytes, to: SnapshotFixture.name)
    _ = try fixture.open()
  }

  @Test func everyDamagedHeaderByteIsNoticed() throws {
    let fixture = try SnapshotFixture(rows: 100)
    let bytes = try fixture.directory.read(SnapshotFixture.name)
    for offset in 0..<4096 {
      for bit in [0x01, 0x80] as [UInt8] {
        try fixture.overwrite([bytes[offset] ^ bit], at: offset)
        #expect(reason { _ = try fixture.open() }?.hasPrefix(fixture.path) == true, "byte \(offset)")
      }
      try fixture.overwrite([bytes[offset]], at: offset)
    }
    _ = try fixture.open()
  }

  @Test func everyDamagedByteOfASmallFileIsNoticedAtOnceOrMeansNothing() throws {
    let fixture = try SnapshotFixture(rows: 100)
    let bytes = try fixture.directory.read(SnapshotFixture.name)
    let sound = try SnapshotFixture.describe(rows: 100, of: fixture.index)
    for offset in stride(from: 4096, to: bytes.count, by: 3) {
      try fixture.overwrite([bytes[offset] ^ 0x10], at: offset)
      // What lies between sections means nothing.
      if let state = try? fixture.open() { #expect(areSame(state, sound), "byte \(offset)") }
      try fixture.overwrite([bytes[offset]], at: offset)
    }
  }

  @Test func aDamagedLargeSectionIsFoundByVerifying() throws {
    let fixture = try SnapshotFixture(rows: 100, ballast: 2_500_000)
    let bytes = try fixture.directory.read(SnapshotFixture.name)
    let start = (bytes.count - 2_500_000) / 4096 * 4096
    for (offset, block) in [(start, 0), (start + 1 << 20 + 5, 1), (start + 2_499_999, 2)] {
      var damaged = bytes
      damaged[offset] ^= 1
      try fixture.directory.write(damaged, to: SnapshotFixture.name)
      let reader = try fixture.reader()
      #expect(
        throws: IndexError.damaged(
          file: fixture.path, reason: "section ballast does not match the checksum of its block \(block)")
      ) { try reader.verify() }
      #expect(throws: IndexError.self) { try reader.section("ballast", of: UInt8.self, isVerified: true) }
    }
  }

  @Test func anotherCataloguesSnapshotIsRefused() throws {
    let fixture = try SnapshotFixture(rows: 10)
    #expect(throws: IndexError.damaged(file: fixture.path, reason: "belongs to another catalogue")) {
      try fixture.reader(id: CatalogueID(bytes: [UInt8](repeating: 9, count: 16)))
    }
  }

  @Test func aNewerFormatIsRefusedWithBothVersions() throws {
    let fixture = try SnapshotFixture(rows: 10)
    var bytes = try fixture.directory.read(SnapshotFixture.name)
    bytes[8] = 2
    try fixture.directory.write(bytes, to: SnapshotFixture.name)
    #expect(throws: IndexError.newer(file: fixture.path, found: 2, supported: 1)) { try fixture.reader() }
  }

  @Test func aMissingFileIsNamed() throws {
    let path = try TemporaryDirectory().appending("file")
    #expect(throws: IndexError.missing(file: path)) {
      try SnapshotReader(path: path, catalogue: IndexFixture.catalogue)
    }
  }

  /// Writes columns whose checksums are right and whose numbers are not.
  private func open(
    ends: [UInt64] = [1, 2, 3], keys: Int = 3, works: [UInt32] = [0, .max, 1], members: [UInt32] = [0, 1, 2],
    live: [UInt64] = [7], rows: Int = 3
  ) throws -> IndexSnapshot {
    let index = try IndexFixture([1, 2, 3, 4, 5, 6], dimension: 2, metric: .euclidean)
    let path = index.directory.appending("snapshot")
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    try writer.add("keys.ends", ends.span)
    try writer.add("keys.bytes", [UInt8](repeating: 65, count: keys).span)
    try writer.add("row.works", works.span)
    try writer.add("row.members", members.span)
    try writer.add("live", live.span)
    try writer.finish(sequence: 1, rowCount: rows)
    return try IndexSnapshot(
      reading: SnapshotReader(path: path, catalogue: IndexFixture.catalogue), metric: .euclidean,
      rows: index.snapshot.rows, memberCount: 3, workCount: 2)
  }

  @Test func impossibleNumbersAreRefusedThoughTheirChecksumsAreRight() throws {
    #expect(try open().count == 3)
    for (name, attempt) in [
      ("keys.ends", { try open(ends: [2, 1, 3]) }), ("keys.ends", { try open(ends: [1, 2, 4]) }),
      ("keys.ends", { try open(ends: [1, 2, .max]) }), ("keys.ends", { try open(ends: [1, 2]) }),
      ("keys.ends", { try open(keys: 4) }), ("row.works", { try open(works: [0, 1, 2]) }),
      ("row.works", { try open(works: [0, 1, .max - 1]) }), ("row.members", { try open(members: [0, 1, 3]) }),
      ("row.members", { try open(members: [0, 1, .max]) }), ("row.members", { try open(members: [0]) }),
      ("live", { try open(live: []) }),
    ] as [(String, () throws -> IndexSnapshot)] {
      #expect(reason { _ = try attempt() }?.contains("section \(name)") == true)
    }
    #expect(try open(live: [.max]).live.ordinals == [0, 1, 2], "bits beyond the rows mean nothing")
  }
}
