import TestSupport
import Testing
import VectorIndex

@Suite struct ColumnTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  func bitmapsBehaveAsSets(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let (a, b) = (subset(of: count, &random), subset(of: count, &random))
    func bitmap(_ set: Set<UInt32>) -> Bitmap {
      var map = Bitmap(count: count)
      set.forEach { map.insert($0) }
      return map
    }
    var both = bitmap(a)
    both.formIntersection(bitmap(b))
    #expect(Set(both.ordinals) == a.intersection(b))
    var either = bitmap(a)
    either.formUnion(bitmap(b))
    #expect(either.ordinals == a.union(b).sorted())
    var rest = Bitmap(count: count, all: true)
    #expect(rest.population == count)
    rest.subtract(bitmap(a))
    #expect(rest.population == count - a.count)
    for ordinal in 0..<UInt32(count) { #expect(rest[ordinal] == !a.contains(ordinal)) }
    #expect(!rest[UInt32(count)])
    rest.grow(to: count + 100)
    #expect(rest.population == count - a.count)
  }

  private func subset(of count: Int, _ random: inout SeededGenerator) -> Set<UInt32> {
    Set((0..<UInt32(count)).filter { _ in Bool.random(using: &random) })
  }

  @Test func keysKeepTheirBytesAndOrder() {
    var random = SeededGenerator(seed: 4)
    let keys = (0..<3000).map { _ in
      String(UInt16.random(in: 0...999, using: &random)) + (Bool.random(using: &random) ? "鏡" : "")
    }
    var column = KeyColumn()
    let early = column
    for key in keys { column.append(key) }
    #expect(early.count == 0 && column.count == 3000)
    for (ordinal, key) in keys.enumerated() { #expect(column[UInt32(ordinal)] == key) }
    for _ in 0..<3000 {
      let (a, b) = (Int.random(in: 0..<3000, using: &random), Int.random(in: 0..<3000, using: &random))
      #expect(column.precedes(UInt32(a), UInt32(b)) == keys[a].utf8.lexicographicallyPrecedes(keys[b].utf8))
    }
  }

  @Test func aSharedColumnDoesNotSeeLaterRows() {
    var column = ChunkedColumn<UInt32>()
    for value in 0..<5000 { column.append(UInt32(value)) }
    let shared = column
    column.append(77)
    #expect(shared.count == 5000 && column.count == 5001)
    #expect(column[5000] == 77 && shared[4999] == 4999)
  }
}
