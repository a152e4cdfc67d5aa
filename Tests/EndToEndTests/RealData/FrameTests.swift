import Foundation
import TestSupport
import Testing

/// A hundred thousand real frames: exact search is the neighbours that were computed elsewhere.
@Suite(.enabled(if: Repository.realData != nil, "no real data: set KAGAMI_SHARED_DATA, or put it into ../shared/data"))
struct FrameTests {
  @Test func `The neighbours of four thousand queries are the known ones, up to equal scores`() throws {
    let folder = try #require(Repository.realData) + "/frames"
    let home = try TemporaryDirectory()
    let imported = try CommandResult.kagami(
      "import", home.appending("frames.kagami"), "--vectors", "\(folder)/base.npy", "--metric", "ip", "--label",
      "owner=\(folder)/member.npy")
    #expect(imported.end == .exit(0))
    let queries = try HalfMatrix("\(folder)/queries.npy")
    let neighbors = try NumberMatrix<Int32>("\(folder)/neighbors.npy")
    let owners = try NumberMatrix<Int32>("\(folder)/member.npy")
    let base = try HalfMatrix("\(folder)/base.npy")

    let process = try EngineProcess(["serve", home.appending("frames.kagami")])
    let batch = 1000
    let requests = (0..<queries.rowCount / batch).map { number in
      let numbers = queries.numbers[number * batch * queries.columns..<(number + 1) * batch * queries.columns]
      return RequestLine.make("search", number, RequestLine.vectors(numbers, dimension: queries.columns) + #","k":20"#)
    }
    var differences = 0
    for line in try process.exchange(requests, within: .seconds(120)) {
      let answer = try Answer(line)
      let entries = try #require(answer.result?.results)
      for (index, entry) in entries.enumerated() {
        let query = try #require(answer.id) * batch + index
        let found = Set(entry.hits.compactMap { Int($0.key) })
        let known = Set(neighbors[query].map(Int.init))
        #expect(found.count == 20)
        let last = ExactScores.product(queries[query], base[Int(try #require(neighbors[query].last))])
        for row in found.symmetricDifference(known) {
          differences += 1
          #expect(abs(ExactScores.product(queries[query], base[row]) - last) < 1e-6, "query \(query), row \(row)")
        }
        for hit in entry.hits.prefix(2) {
          let score = ExactScores.product(queries[query], base[try #require(Int(hit.key))])
          #expect(abs(hit.score - score) < 1e-6, "query \(query), row \(hit.key)")
        }
      }
    }
    #expect(differences < 100, "equal scores are rare")

    let filter = #""filter":{"must":[{"key":"owner","match":{"value":5}}]}"#
    let count = try Answer(process.ask(RequestLine.make("items.count", 9, filter))).result?.count
    #expect(count == owners.numbers.count { $0 == 5 })
  }
}
