import Service
import Testing
import VectorIndex
import WireProtocol

/// What is kept of filters is bounded by bytes, whatever they are made of.
@Suite struct FilterMemoryTests {
  private static func condition(_ number: Int, values: Int = 1) -> FieldCondition {
    let texts = (0..<values).map { FilterValue.string("a value that is longer than fifteen bytes \(number) \($0)") }
    return FieldCondition(field: "f\(number)", test: .any(texts))
  }

  @Test func `Sets of rows are kept up to so many bytes, the last used first`() throws {
    let engine = try Fixture.sample().open()
    let cache = FilterCache(capacity: 100_000)
    for number in 0..<600 {
      cache.keep(Bitmap(count: 1785), of: Self.condition(number), at: engine.snapshot.sequence, 0)
      #expect(cache.byteCount <= 100_000)
    }
    #expect(cache.byteCount > 90_000, "room is used")
  }

  @Test func `The keys count, and what is larger than all the room is not kept`() {
    let cache = FilterCache(capacity: 1 << 20)
    cache.keep(Bitmap(count: 64), of: Self.condition(1, values: 1000), at: 1, 0)
    #expect(cache.byteCount > 1000 * 60)
    let before = cache.byteCount
    cache.keep(Bitmap(count: 64), of: Self.condition(2, values: 20_000), at: 1, 0)
    #expect(cache.byteCount == before)
    cache.keep(Bitmap(count: 16 << 20), of: Self.condition(3), at: 1, 0)
    #expect(cache.byteCount == before)
    cache.keep(Bitmap(count: 128), of: Self.condition(1, values: 1000), at: 2, 0)
    #expect(cache.byteCount == before + 8, "an entry that is replaced is counted once")
  }

  @Test func `Filters of searches are kept up to so many bytes`() {
    let cache = SearchFilterCache(capacity: 1 << 20)
    for number in 0..<200 {
      let filter = Filter(must: [.condition(Self.condition(number, values: 100))])
      _ = cache.filter(for: filter, at: 1) { Bitmap(count: 10_000, all: true) }
      #expect(cache.byteCount <= 1 << 20)
      #expect(cache.byteCount > 80_000)
    }
    let first = cache.filter(for: nil, at: 2) { Bitmap(count: 10_000, all: true) }
    #expect(cache.filter(for: nil, at: 2) { Bitmap(count: 1) } === first)
    let large = Filter(must: [.condition(Self.condition(0, values: 20_000))])
    let made = cache.filter(for: large, at: 2) { Bitmap(count: 64) }
    #expect(cache.filter(for: large, at: 2) { Bitmap(count: 64) } !== made, "too large to be kept")
    #expect(cache.filter(for: nil, at: 2) { Bitmap(count: 1) } === first, "and drives nothing out")
  }
}
