import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// `match` for a stored item, which is left out itself: complete means all of the others, however small the pages are.
@Suite struct MatchByKeyTests {
  private let engine: Engine

  init() throws {
    engine = try Fixture.sample().open()
  }

  private func ask(_ method: String, _ params: String) throws -> String {
    let line = RequestLine.make(method, 1, params) + "\n"
    return try #require(MemoryPipe.answers(engine, [Array(line.utf8)[...]]).first)
  }

  private func result(_ method: String, _ params: String) throws -> Answer.Result {
    let answer = try ask(method, params)
    return try #require(Answer(answer).result, "\(answer)")
  }

  /// Keys of stored items, and for each a score that some twenty others reach, one of them exactly.
  private func questions() throws -> [(key: String, threshold: Double, model: [Answer.Hit])] {
    try [0, 7, 900, 1784].map { row in
      let key = engine.snapshot.keys[UInt32(row)]
      let all = try #require(result("search", #""key":"\#(key)","k":1785,"exact":true"#).results)[0].hits
      #expect(all.count == 1784 && !all.contains { $0.key == key })
      let threshold = all[17 + row % 9].score
      return (key, threshold, all.filter { $0.score >= threshold })
    }
  }

  @Test(arguments: ["", #","filter":{"must_not":[{"key":"member","match":{"value":"nobody"}}]}"#])
  func `Every page size gives every match once`(filter: String) throws {
    for (key, threshold, model) in try questions() {
      let params = #""key":"\#(key)","score_threshold":\#(threshold)"# + filter
      for limit in 1...model.count + 1 {
        var gathered: [Answer.Hit] = []
        var cursor: String?
        repeat {
          let page = try result(
            "match", params + #","limit":\#(limit)"# + (cursor.map { #","cursor":"\#($0)""# } ?? ""))
          let hits = try #require(page.results)[0].hits
          #expect(page.complete == (page.cursor == nil) && hits.count <= limit)
          gathered += hits
          #expect(page.complete == (gathered.count == model.count), "limit \(limit)")
          cursor = page.cursor
        } while cursor != nil && gathered.count <= model.count
        #expect(gathered == model, "limit \(limit)")
      }
    }
  }

  @Test func `Gathered by work, complete means every work`() throws {
    for (key, threshold, model) in try questions() {
      let params = #""key":"\#(key)","score_threshold":\#(threshold),"group_by":"work","group_size":100"#
      let whole = try groups(params + #","limit":1785"#)
      #expect(whole.isComplete)
      #expect(whole.keys.joined().sorted() == model.map(\.key).sorted())
      for limit in 1...whole.keys.count + 1 {
        let some = try groups(params + #","limit":\#(limit)"#)
        #expect(some.isComplete == (limit >= whole.keys.count))
        #expect(some.keys == Array(whole.keys.prefix(limit)))
      }
    }
  }

  private func groups(_ params: String) throws -> (keys: [[String]], isComplete: Bool) {
    struct Line: Decodable {
      struct Result: Decodable {
        struct Entry: Decodable {
          struct Group: Decodable { var hits: [Answer.Hit] }
          var groups: [Group]
        }
        var results: [Entry]
        var complete: Bool
      }
      var result: Result
    }
    let answer = try JSONDecoder().decode(Line.self, from: Data(try ask("match", params).utf8)).result
    return (answer.results[0].groups.map { $0.hits.map(\.key) }, answer.complete)
  }
}
