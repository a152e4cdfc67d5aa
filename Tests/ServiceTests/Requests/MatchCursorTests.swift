import Service
import TestSupport
import Testing
import VectorIndex
import WireProtocol

@Suite struct MatchCursorTests {
  private let engine: Engine

  init() throws {
    engine = try Fixture.sample().open()
  }

  private func read(_ text: String, queries: Int = 3) throws -> MatchCursor {
    try MatchCursor(text, for: engine.snapshot, queries: queries)
  }

  @Test(arguments: [
    nil, Neighbor(distance: -0.75, ordinal: 0), Neighbor(distance: 0, ordinal: 1784),
    Neighbor(distance: -.greatestFiniteMagnitude, ordinal: 3), Neighbor(distance: .leastNonzeroMagnitude, ordinal: 3),
  ])
  func `It says what it was made from`(_ last: Neighbor?) throws {
    for query in 0..<3 {
      let cursor = MatchCursor(sequence: engine.snapshot.sequence, query: query, last: last)
      #expect(try read(cursor.text) == cursor)
    }
  }

  @Test(arguments: [
    "", ".", "m1", "m1.1", "m1.1.", "m1..0", "m2.1.0", "M1.1.0", "m1.1.0.", "m1.1.0.1", "m1.1.0.1.", "m1.1.0..1",
    "m1.1.0.1.1.1", "m1.1.3", "m1.1.-1", "m1.1.0.-1.1", "m1.1.0.0.1785", "m1.1.0.0.4294967295", "m1.1.0.0.4294967296",
    "m1.1.0.4294967296.0", "m1.1.0.2143289344.0", "m1.1.0.4290772992.0", "m1.99999999999999999999.0", "m1.1.0x",
    "m1. 1.0",
    "m1.1.99999999999999999999", "m1.1.0.1e9.1", "m1\u{0}.1.0", "鏡.1.0", "m1.1.0.٣.1",
  ])
  func `What is no cursor is refused`(_ text: String) {
    #expect(
      throws: WireError.invalid("/params/cursor", "not a cursor of an answer to this request")
    ) { try read(text) }
  }

  @Test func `A cursor of another revision is stale`() {
    for sequence in [0, 2, -1, Int64.max, Int64.min] {
      let error = #expect(throws: WireError.self) { try read("m1.\(sequence).0") }
      #expect(error?.kind == .stale)
    }
  }

  @Test func `Following cursors gives every match once, in the order of one answer`() throws {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    let vectors = RequestLine.vectors(queries.numbers[..<(20 * 256)], dimension: 256) + #","score_threshold":0.45"#
    func ask(_ params: String) throws -> Answer.Result {
      let line = RequestLine.make("match", 1, vectors + params) + "\n"
      return try #require(Answer(MemoryPipe.answers(engine, [Array(line.utf8)[...]])[0]).result)
    }
    let whole = try #require(ask("").results).map(\.hits)
    #expect(whole.joined().count > 100)
    for limit in [1, 7, 64] {
      var gathered = [[Answer.Hit]](repeating: [], count: 20)
      var cursor: String?
      var pages = 0
      repeat {
        let page = try ask(#","limit":\#(limit)"# + (cursor.map { #","cursor":"\#($0)""# } ?? ""))
        let entries = try #require(page.results)
        #expect(entries.count == 20)
        #expect(entries.map(\.hits).joined().count <= limit)
        for (query, entry) in entries.enumerated() { gathered[query] += entry.hits }
        #expect(page.complete == (page.cursor == nil))
        cursor = page.cursor
        pages += 1
      } while cursor != nil && pages < 10_000
      #expect(gathered == whole, "limit \(limit)")
    }
  }
}
