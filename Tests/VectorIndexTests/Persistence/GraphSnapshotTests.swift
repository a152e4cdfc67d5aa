import Foundation
import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// Codes and graph in a snapshot file: the same answers from the map, an error for a file that is not what was written, and never a crash.
@Suite struct GraphSnapshotTests {
  @Test(
    arguments: Metric.allCases,
    [nil, CodeFormat(.rotation, bits: .two), CodeFormat(.projection(dimension: 64), bits: .eight)])
  func whatIsWrittenAnswersAsWhatWasBuilt(metric: Metric, format: CodeFormat?) throws {
    let fixture = try GraphSnapshotFixture(metric: metric, format: format, maxDegree: 24)
    var built = fixture.rows.snapshot
    built.attach(fixture.index)
    let read = try fixture.open()
    let graph = try #require(read.graph)
    try graph.checkInvariants()
    #expect(graph.codeBytes == fixture.index.codeBytes && graph.edgePlaces == fixture.index.edgePlaces)
    #expect(graph.calibration == fixture.index.calibration && graph.trials == fixture.index.trials)
    #expect(graph.statistics(live: read.live) == fixture.index.statistics(live: built.live))
    #expect(graph.statistics(live: read.live).copies == 3)
    let answers = fixture.answers(read)
    #expect(answers == fixture.answers(built))
    #expect(Set(answers.joined().map(\.plan)).isSuperset(of: [.walk, .exact, .scan, .filteredWalk]))
    #expect(fixture.searchOtherwise(read) == fixture.searchOtherwise(built))
  }

  @Test func aTruncatedGraphIsRefusedWhereverItEnds() throws {
    let fixture = try GraphSnapshotFixture()
    let file = URL(fileURLWithPath: fixture.path)
    let bytes = try Data(contentsOf: file)
    for length in Array(stride(from: 0, to: bytes.count, by: 4096)) + [bytes.count - 1] {
      try FileManager.default.removeItem(at: file)
      try bytes.prefix(length).write(to: file)
      #expect(throws: IndexError.self, "\(length) bytes") { try fixture.open() }
    }
  }

  @Test func everyDamagedByteOfTheHeaderIsNoticed() throws {
    let fixture = try GraphSnapshotFixture()
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.path))
    let header = try #require(try file.read(upToCount: 4096))
    for offset in 0..<4096 {
      try put(header[offset] ^ 0x10, at: offset, in: file)
      #expect(throws: IndexError.self, "byte \(offset)") { try fixture.open() }
      try put(header[offset], at: offset, in: file)
    }
    #expect(try fixture.open().graph != nil)
  }

  private func put(_ byte: UInt8, at offset: Int, in file: FileHandle) throws {
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: [byte])
  }

  /// Ordinals that a walk must not follow.
  private static let awkward: [UInt32] = [400, 401, 4096, 1 << 20, 1 << 31, .max - 1, .max, .max >> 1, 0, 399]

  @Test(arguments: ["graph.edges", "graph.copies"], 1...12 as ClosedRange<UInt64>)
  func hostileOrdinalsNeverCrashASearch(section: String, seed: UInt64) throws {
    let fixture = try GraphSnapshotFixture()
    var random = SeededGenerator(seed: seed)
    try fixture.rewrite(section, of: UInt32.self) { numbers in
      // From a few to nearly all.
      for _ in 0..<numbers.count >> Int(seed % 6) {
        let place = Int.random(in: 0..<numbers.count, using: &random)
        let any = UInt32.random(in: 0..<500, using: &random)
        numbers[place] = Bool.random(using: &random) ? any : Self.awkward.randomElement(using: &random) ?? any
      }
    }
    try searchEverything(fixture, areCopiesForged: section == "graph.copies")
  }

  @Test(arguments: [0, 399, 400, .max - 1] as [UInt32])
  func aGraphThatLeadsToOneRowOnlyIsSearched(row: UInt32) throws {
    let fixture = try GraphSnapshotFixture()
    for section in ["graph.edges", "graph.copies"] {
      try fixture.rewrite(section, of: UInt32.self) { numbers in
        for place in numbers.indices { numbers[place] = row }
      }
      try searchEverything(fixture, areCopiesForged: section == "graph.copies")
    }
  }

  @Test func numbersBesideCodesThatAreNoneAreSearched() throws {
    let fixture = try GraphSnapshotFixture(metric: .euclidean)
    for number in [Float.nan, -.nan, .infinity, -.infinity] {
      try fixture.rewrite("codes.terms", of: UInt64.self) { words in
        let word = UInt64(number.bitPattern)
        for place in stride(from: 0, to: words.count, by: 3) { words[place] = word << 32 | word }
      }
      try searchEverything(fixture)
    }
  }

  /// Searches in every way: answers are rows that are there, with their own distances.
  ///
  /// A row is answered with the distance of the one that it is said to be a copy of, which nothing but a checksum vouches for.
  private func searchEverything(_ fixture: GraphSnapshotFixture, areCopiesForged: Bool = false) throws {
    let state = try fixture.open()
    for answer in fixture.answers(state).joined() {
      #expect(answer.neighbors.count <= 10 && answer.neighbors.allSatisfy { $0.ordinal < 400 })
    }
    // Distances are of the rows themselves, wherever a walk was led: compare with those of every row.
    let exact = FlatSearcher(state, workers: WorkerPool(width: 1))
      .nearest(fixture.queries, k: 400, in: RowSelection(state.live))
      .map { Dictionary(uniqueKeysWithValues: $0.map { ($0.ordinal, $0.distance) }) }
    let others = fixture.searchOtherwise(state)
    for found in [others.nearest, others.near, others.groups.map { $0.flatMap { $0 } }] {
      #expect(found.count == exact.count)
      for (found, exact) in zip(found, exact) {
        let distances = Set(exact.values)
        #expect(
          found.allSatisfy {
            areCopiesForged ? $0.ordinal < 400 && distances.contains($0.distance) : exact[$0.ordinal] == $0.distance
          })
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.distance <= $1.distance })
      }
    }
    #expect(others.nearest.allSatisfy { $0.count <= 50 })
    #expect(others.near.joined().allSatisfy { $0.distance <= 0.4 })
    #expect(others.groups.allSatisfy { $0.count == 5 && $0.allSatisfy { $0.count == 1 } })
    #expect(try #require(others.statistics).nodes <= 400)
  }

  @Test(arguments: [[400], [0, .max], Array(0...400)] as [[UInt32]])
  func entryPointsThatAreNoRowsAreRefused(entries: [UInt32]) throws {
    let fixture = try GraphSnapshotFixture()
    try fixture.rewrite("graph.entries", of: UInt32.self) { $0 = entries }
    #expect(
      throws: IndexError.damaged(file: fixture.path, reason: "section graph.entries names a row that does not exist")
    ) {
      try fixture.open()
    }
  }

  @Test(arguments: 0..<12, [0, 1 << 16, .max] as [UInt64])
  func factsThatCannotBeAreRefusedOrHarmless(place: Int, value: UInt64) throws {
    let fixture = try GraphSnapshotFixture()
    try fixture.rewrite("graph.facts", of: UInt64.self) { $0[place] = value }
    do {
      _ = try fixture.open()
    } catch {
      switch error {
      case .damaged(let file, _), .newer(let file, _, _): #expect(file == fixture.path)
      default: throw error
      }
      return
    }
    try searchEverything(fixture)
  }
}
