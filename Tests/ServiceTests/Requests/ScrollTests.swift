import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// Pages of a scroll cost what they show, not what a filter leaves out.
@Suite struct ScrollTests {
  private static func item(_ ordinal: UInt32, seq: Int64 = 1, removed: Int64? = nil) -> ItemDetails {
    ItemDetails(ordinal: ordinal, record: ItemRecord(key: "\(ordinal)", checksum: 0), seq: seq, removedSeq: removed)
  }

  private static func rows(_ ordinals: [UInt32], of count: Int) -> Bitmap {
    var rows = Bitmap(count: count)
    for ordinal in ordinals { rows.insert(ordinal) }
    return rows
  }

  @Test(arguments: [[], [999_999], [0], [5, 63, 64, 500_000, 999_998]] as [[UInt32]])
  func `A page reads the rows that it may show, in one read`(_ ordinals: [UInt32]) throws {
    for limit in [1, 2, 5, 1000] {
      var page = ScrollPage(Self.rows(ordinals, of: 1_000_000), after: nil, at: 1, limit: limit)
      var (reads, looked) = (0, 0)
      try page.fill(isOver: { _ in false }) { rows in
        (reads, looked) = (reads + 1, looked + rows.count)
        return rows.map { Self.item($0) }
      }
      #expect(page.items.map(\.ordinal) == Array(ordinals.prefix(limit)))
      #expect(page.hasMore == (ordinals.count > limit))
      #expect(reads <= 1 && looked <= ordinals.count)
    }
  }

  @Test func `Rows of other revisions are passed over in blocks, and a page can be ended between two`() throws {
    let all = Bitmap(count: 10_000, all: true)
    let details = { (row: UInt32) in
      Self.item(row, seq: row < 9000 ? 1 : 3, removed: row % 1000 == 7 ? nil : 2)
    }
    var page = ScrollPage(all, after: 6, at: 2, limit: 3)
    var asked = 0
    try page.fill(isOver: { _ in false }) { rows in
      #expect(rows.count <= 256)
      asked += 1
      return rows.map(details)
    }
    #expect(page.items.map(\.ordinal) == [7, 1007, 2007] && page.hasMore)
    #expect(asked > 10)
    var early = ScrollPage(all, after: nil, at: 2, limit: 3)
    try early.fill(isOver: { !$0.isEmpty }) { $0.map(details) }
    #expect(early.items.map(\.ordinal) == [7] && early.hasMore, "it goes on after what it has")
    var ended = ScrollPage(all, after: 7, at: 2, limit: 3)
    #expect(throws: CancellationError.self) {
      try ended.fill(isOver: { _ in throw CancellationError() }) { $0.map(details) }
    }
    var none = ScrollPage(all, after: .max, at: 2, limit: 3)
    try none.fill(isOver: { _ in false }) { $0.map(details) }
    #expect(none.items.isEmpty && !none.hasMore)
  }

  /// Against the list of all items, at the newest revision and at one before removals.
  @Test(arguments: [1, 2, 7, 300])
  func `All pages together are the items that meet the filter`(_ limit: Int) throws {
    let fixture = try Fixture()
    try fixture.run(
      fixture.request(
        (0..<600).map { [Float($0 + 1), 1] }, metadata: (0..<600).map { #"{"key":"\#($0)","n":\#($0 % 5)}"# }))
    let engine = try fixture.open()
    let handler = RequestHandler(engine: engine, isReadOnly: false)
    defer { handler.editor.close() }
    func ask(_ method: String, _ parameters: String) throws -> [String: Any] {
      let line = RequestLine.make(method, 1, parameters)
      let answer = MemoryPipe.answers(handler, [Array((line + "\n").utf8)[...]])[0]
      return try #require(JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])["result"]
        as? [String: Any] ?? [:]
    }
    func scroll(_ filter: String, removing: Bool = false) throws -> [String] {
      var (keys, cursor, pages): ([String], String?, Int) = ([], nil, 0)
      repeat {
        let page = try ask(
          "items.scroll", #""limit":\#(limit)\#(filter)\#(cursor.map { #","cursor":"\#($0)""# } ?? "")"#)
        let items = try #require(page["items"] as? [[String: Any]])
        #expect(items.count <= limit)
        keys += items.compactMap { $0["key"] as? String }
        cursor = page["cursor"] as? String
        if removing, pages == 0 { _ = try ask("items.remove", #""keys":["599","598","1","301"]"#) }
        pages += 1
      } while cursor != nil
      return keys
    }
    let filter = #","filter":{"must":{"key":"n","range":{"gte":3}}}"#
    let all = (0..<600).map(String.init)
    #expect(try scroll("") == all)
    #expect(try scroll(filter) == all.filter { (Int($0) ?? 0) % 5 >= 3 })
    #expect(try scroll(#","filter":{"must":{"key":"n","range":{"gt":9}}}"#) == [])
    #expect(
      try scroll(filter, removing: true) == all.filter { (Int($0) ?? 0) % 5 >= 3 }, "of the first page's revision")
    let left = all.filter { !["599", "598", "1", "301"].contains($0) }
    #expect(try scroll("") == left)
    #expect(try scroll(filter) == left.filter { (Int($0) ?? 0) % 5 >= 3 })
  }
}
