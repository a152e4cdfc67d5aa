import Testing
import VectorKernels

/// The steps of a walk, in every instruction set as in the simplest words.
@Suite struct WalkKernelTests {
  private static let counts = Array(0...67) + [128, 1000]

  @Test(arguments: InstructionSet.available, counts)
  func marksTellWhatIsNew(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count))
    let limit: UInt32 = 300
    var marks = (0..<Int(limit) + 3).map { _ in UInt8.random(in: 6...7, using: &random) }
    var list = (0..<count).map { _ in UInt32.random(in: 0..<limit, using: &random) }
    // A list ends early at what is no row.
    if count > 40 { list[count - 9] = count.isMultiple(of: 2) ? limit : .max }
    var (expected, expectedMarks) = ([UInt32](), marks)
    for ordinal in list.prefix(while: { $0 < limit }) where expectedMarks[Int(ordinal)] != 7 {
      expected.append(ordinal)
      expectedMarks[Int(ordinal)] = 7
    }
    var out = [UInt32](repeating: 0, count: count + 16)
    let found = kernels.takeNew(&marks, limit, 7, list, count, &out)
    #expect(Array(out.prefix(found)) == expected)
    #expect(marks == expectedMarks)
  }

  @Test(arguments: InstructionSet.available, counts)
  func entriesAreOrderedByRankAndOrdinal(set: InstructionSet, count: Int) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: UInt64(count))
    var ranks = random.floats(count)
    for index in stride(from: 3, to: count, by: 7) { ranks[index] = .nan }
    for index in stride(from: 5, to: count, by: 11) { ranks[index] = 0.5 }
    let ordinals = (0..<count).map { _ in UInt32.random(in: 0..<1 << 31, using: &random) }
    for limit in [-Float.infinity, -0.3, 0, 0.5, .infinity, .nan] {
      var out = [UInt64](repeating: 0, count: count + 16)
      let found = kernels.selectEntries(ranks, ordinals, count, limit, &out)
      let near = (0..<count).filter { ranks[$0] < limit }
      #expect(found == near.count)
      #expect(out.prefix(found).map { UInt32($0 >> 1 & 0x7fff_ffff) } == near.map { ordinals[$0] })
      let ordered = near.sorted { (ranks[$0], ordinals[$0]) < (ranks[$1], ordinals[$1]) }.map { ordinals[$0] }
      #expect(out.prefix(found).sorted().map { UInt32($0 >> 1 & 0x7fff_ffff) } == ordered)
    }
  }

  @Test(arguments: InstructionSet.available, [UInt64(10), 1 << 40, .max])
  func insertedEntriesAreInOrder(set: InstructionSet, range: UInt64) throws {
    let kernels = try #require(DistanceKernels.of(set))
    var random = SeededGenerator(seed: range)
    var entries = [UInt64](repeating: 0, count: 200)
    var expected: [UInt64] = []
    for count in 0..<199 {
      let entry = UInt64.random(in: 0...range, using: &random)
      let place = expected.firstIndex { $0 > entry } ?? count
      expected.insert(entry, at: place)
      #expect(kernels.insertEntry(&entries, count, entry) == place)
      #expect(Array(entries.prefix(count + 1)) == expected)
      #expect(entries[(count + 1)...].allSatisfy { $0 == 0 }, "nothing is written behind them")
    }
  }
}
