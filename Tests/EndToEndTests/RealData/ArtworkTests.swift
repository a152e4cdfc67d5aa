import Foundation
import TestSupport
import Testing

/// Twelve thousand real artworks: every query over the pipe, held against scores in double precision.
@Suite(.enabled(if: Repository.realData != nil, "no real data: set KAGAMI_SHARED_DATA, or put it into ../shared/data"))
struct ArtworkTests {
  private struct Item: Decodable {
    var key: String
    var group: Int
    enum CodingKeys: String, CodingKey { case key, group = "duplicate_group" }
  }
  private struct Query: Decodable {
    var key: String?
    var level: String
    var group: Int?
    enum CodingKeys: String, CodingKey { case key, level, group = "duplicate_group" }
  }

  /// The score from which on `match` is asked for everything.
  private let threshold = 0.75

  private func lines<Line: Decodable>(_ path: String, as type: Line.Type) throws -> [Line] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try data.split(separator: 10).map { try JSONDecoder().decode(type, from: $0) }
  }

  @Test func `Every query is answered as double precision answers it`() throws {
    let folder = try #require(Repository.realData) + "/artworks"
    let home = try TemporaryDirectory()
    let imported = try CommandResult.kagami(
      "import", home.appending("art.kagami"), "--vectors", "\(folder)/items.npy", "--metadata", "\(folder)/items.jsonl")
    #expect(imported.end == .exit(0))
    let items = try lines("\(folder)/items.jsonl", as: Item.self)
    let described = try lines("\(folder)/queries.jsonl", as: Query.self)
    let (rows, queries) = (try HalfMatrix("\(folder)/items.npy"), try HalfMatrix("\(folder)/queries.npy"))
    #expect(queries.rowCount == 2381)

    let process = try EngineProcess(["serve", home.appending("art.kagami")])
    let found = try ask(process, "search", #","k":10"#, queries)
    let matched = try ask(process, "match", #","score_threshold":\#(threshold)"#, queries)
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
    #expect(matched.joined().count > 2381, "the threshold is reached often enough to mean something")

    let ordinals = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.key, $0) })
    let judge = Judge(ordinals: ordinals, groups: items.map(\.group), threshold: threshold)
    let verdicts = Verdicts(count: queries.rowCount)
    ExactScores(rows, isCosine: true).forEach(queries) { query, scores in
      verdicts[query] = judge.verdict(search: found[query], match: matched[query], scores)
    }
    for (query, objection) in verdicts.objections { Issue.record("query \(query): \(objection)") }

    for (level, share) in [("light", 0.95), ("medium", 0.64), ("heavy", 0.28)] {
      let copies = described.indices.filter { described[$0].key != nil && described[$0].level == level }
      let engine = copies.count { judge.group(of: found[$0].first) == described[$0].group }
      let exact = copies.count { verdicts[$0]?.bestGroup == described[$0].group }
      #expect(engine == exact, "\(level) copies whose original comes first, of \(copies.count)")
      #expect(abs(Double(engine) / Double(copies.count) - share) < 0.01, "as the data's description says")
    }
  }

  /// The hits of every query, asked one request a query.
  private func ask(
    _ process: EngineProcess, _ method: String, _ params: String, _ queries: HalfMatrix
  ) throws -> [[Answer.Hit]] {
    let requests = (0..<queries.rowCount).map { query in
      RequestLine.make(method, query, RequestLine.vector(queries[query]) + params)
    }
    var hits = [[Answer.Hit]](repeating: [], count: requests.count)
    for line in try process.exchange(requests, within: .seconds(60)) {
      let answer = try Answer(line)
      #expect(answer.result?.complete != false)
      hits[try #require(answer.id)] = answer.hits
    }
    return hits
  }
}

/// What double precision says about the answers to one query.
private struct Verdict: Sendable {
  var objection: String?
  var bestGroup: Int
}

/// Verdicts of several threads.
private final class Verdicts: @unchecked Sendable {
  private let lock = NSLock()
  // Guarded by `lock`.
  private var verdicts: [Verdict?]

  init(count: Int) { verdicts = [Verdict?](repeating: nil, count: count) }

  subscript(query: Int) -> Verdict? {
    get { lock.withLock { verdicts[query] } }
    set { lock.withLock { verdicts[query] = newValue } }
  }

  /// What is wrong, by query; a query without a verdict too.
  var objections: [(Int, String)] {
    lock.withLock {
      verdicts.enumerated().compactMap { query, verdict in
        guard let verdict else { return (query, "was not judged") }
        return verdict.objection.map { (query, $0) }
      }
    }
  }
}

/// Holds answers against scores in double precision.
private struct Judge: Sendable {
  let ordinals: [String: Int]
  let groups: [Int]
  let threshold: Double

  /// How far a score may be off.
  private let scoreTolerance = 1e-6
  /// Scores that are nearer than this may stand in either order.
  private let orderTolerance = 1e-5

  func group(of hit: Answer.Hit?) -> Int? { hit.flatMap { ordinals[$0.key] }.map { groups[$0] } }

  func verdict(search: [Answer.Hit], match: [Answer.Hit], _ scores: [Double]) -> Verdict {
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    return Verdict(
      objection: objection(toSearch: search, scores) ?? objection(toMatch: match, scores), bestGroup: groups[best])
  }

  private func objection(toSearch hits: [Answer.Hit], _ scores: [Double]) -> String? {
    let best = scores.sorted(by: >).prefix(10)
    guard hits.count == best.count else { return "\(hits.count) hits" }
    guard Set(hits.map(\.key)).count == hits.count else { return "the same key twice" }
    for (rank, (hit, exact)) in zip(hits, best).enumerated() {
      guard let row = ordinals[hit.key] else { return "unknown key \(hit.key)" }
      guard abs(hit.score - scores[row]) < scoreTolerance else { return "\(hit) should have \(scores[row])" }
      guard abs(scores[row] - exact) < orderTolerance else {
        return "hit \(rank) is \(hit), the exact one has \(exact)"
      }
      guard rank == 0 || hits[rank - 1].score >= hit.score else { return "hit \(rank) is better than the one before" }
    }
    return nil
  }

  private func objection(toMatch hits: [Answer.Hit], _ scores: [Double]) -> String? {
    let rows = Set(hits.compactMap { ordinals[$0.key] })
    guard rows.count == hits.count else { return "a match twice, or unknown" }
    for (row, score) in scores.enumerated() {
      if score >= threshold + scoreTolerance, !rows.contains(row) { return "row \(row) with \(score) is no match" }
      if score < threshold - scoreTolerance, rows.contains(row) { return "row \(row) with \(score) is a match" }
    }
    return nil
  }
}
