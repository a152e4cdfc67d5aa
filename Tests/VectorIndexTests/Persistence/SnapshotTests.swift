import TestSupport
import Testing
import VectorIndex

@Suite struct SnapshotTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1024, 5000])
  func whatIsWrittenIsRead(rows: Int) throws {
    let fixture = try SnapshotFixture(rows: rows)
    let reader = try fixture.reader()
    #expect(reader.sequence == 12 && reader.rowCount == rows)
    #expect(reader.sectionNames == ["keys.ends", "keys.bytes", "row.works", "row.members", "live"])
    let state = try fixture.open()
    #expect(state.sequence == 12)
    #expect(areSame(state, try SnapshotFixture.describe(rows: rows, of: fixture.index)))
    try reader.verify()
  }

  @Test func rowsThatCameSinceFollowThoseOfTheFile() throws {
    let fixture = try SnapshotFixture(rows: 1500)
    // An index of twice as many rows, of which the file knows the first half.
    let grown = try IndexFixture((0..<6000).map { Float($0 + 1) }, dimension: 2, metric: .euclidean)
    var state = try IndexSnapshot(
      reading: fixture.reader(), metric: .euclidean, rows: grown.snapshot.rows,
      memberCount: SnapshotFixture.memberCount, workCount: SnapshotFixture.workCount)
    let before = state
    for row in 1500..<3000 { SnapshotFixture.append(row, to: &state) }
    state.remove(Ordinal(5))
    state.remove(Ordinal(2001))
    var expected = IndexSnapshot(metric: .euclidean, rows: grown.snapshot.rows)
    try expected.growRows(to: 3000)
    for row in 0..<3000 { SnapshotFixture.append(row, to: &expected) }
    for row in Array(stride(from: 0, to: 1500, by: 10)) + [5, 2001] { expected.remove(Ordinal(UInt32(row))) }
    #expect(areSame(state, expected))
    #expect(before.count == 1500 && before.live[5])
    for (a, b) in [(3, 1499), (1499, 1500), (1500, 2999), (7, 2500)] as [(UInt32, UInt32)] {
      #expect(state.keys.precedes(a, b) == expected.keys.precedes(a, b))
    }
    // And the grown state is written as one that was never in a file.
    let path = fixture.directory.appending("second")
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    try state.write(to: writer)
    try writer.finish(sequence: 13, rowCount: 3000)
    let again = try IndexSnapshot(
      reading: SnapshotReader(path: path, catalogue: IndexFixture.catalogue), metric: .euclidean,
      rows: grown.snapshot.rows, memberCount: SnapshotFixture.memberCount, workCount: SnapshotFixture.workCount)
    #expect(areSame(again, expected))
  }

  @Test func sectionsOfAnySizeKeepTheirElements() throws {
    let directory = try TemporaryDirectory()
    let path = directory.appending("file")
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    // Around one and two checksum blocks, in pieces that do not fit them.
    let counts = [0, 1, 262_143, 262_144, 262_145, 600_000]
    for count in counts {
      let numbers = (0..<count).map { Float($0) }
      writer.begin("numbers.\(count)", of: Float.self)
      var rest = numbers[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(99_999))
        try writer.write(piece.span)
        rest = rest.dropFirst(99_999)
      }
    }
    let bytes = try writer.finish(sequence: 1, rowCount: 0)
    let reader = try SnapshotReader(path: path, catalogue: IndexFixture.catalogue)
    #expect(reader.byteCount == bytes)
    try reader.verify()
    for count in counts {
      let numbers = try reader.section("numbers.\(count)", of: Float.self, count: count)
      #expect(numbers.count == count)
      for index in stride(from: 0, to: count, by: 9973) { #expect(numbers[index] == Float(index)) }
    }
    #expect(throws: IndexError.damaged(file: path, reason: "has no section graph")) {
      try reader.section("graph", of: UInt8.self)
    }
    #expect(throws: IndexError.self) { try reader.section("numbers.1", of: UInt64.self) }
    #expect(throws: IndexError.self) { try reader.section("numbers.1", of: Float.self, count: 2) }
  }

  @Test func aFileThatWasNotFinishedIsNoSnapshot() throws {
    let directory = try TemporaryDirectory()
    let path = directory.appending("file")
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    try writer.add("live", [UInt64](repeating: 1, count: 2000).span)
    #expect(throws: IndexError.damaged(file: path, reason: "does not begin as a snapshot")) {
      try SnapshotReader(path: path, catalogue: IndexFixture.catalogue)
    }
    #expect(throws: IndexError.self, "a file is never written over") {
      try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    }
  }
}
