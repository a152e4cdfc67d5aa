import Foundation
import KagamiClient
import VectorFiles

/// Asks a real engine real questions about the sample, and prints the answers so that a person understands them.
///
/// `kagami-demo ENGINE CATALOGUE SAMPLE`: the program, a catalogue made of the sample's items, the sample's folder.
@main
struct Demo {
  static func main() async throws {
    guard CommandLine.arguments.count == 4 else {
      Page.complain("usage: kagami-demo ENGINE CATALOGUE SAMPLE")
      exit(64)
    }
    let (engine, catalogue) = (CommandLine.arguments[1], CommandLine.arguments[2])
    do {
      let sample = try Sample(folder: CommandLine.arguments[3])
      try await KagamiClient.withEngine(executable: engine, arguments: ["serve", catalogue]) { client in
        try await Demo(client: client, sample: sample).run()
      }
    } catch {
      Page.complain("kagami-demo: \(error)")
      exit(70)
    }
  }

  let client: KagamiClient
  let sample: Sample

  private func run() async throws {
    try await introduce()
    try await askAboutACopy()
    try await askAboutAStranger()
    try await askByWork()
    try await askWithAFilter()
    try await askAboutAVideo()
    try await askEverything()
  }

  private func introduce() async throws {
    let hello = try await client.call("engine.hello")
    Page.title("A register of artwork, and an engine that was spawned to answer about it")
    Page.say(
      "Kagami \(hello["version"]?.string ?? "?") holds \(hello["count"]?.integer ?? 0) pictures, \(hello["dimension"]?.integer ?? 0) numbers each, "
        + "compared by \(hello["metric"]?.string ?? "?").")
    let members = try await client.call("members.list")["members"]?.array ?? []
    Page.table(
      ["member", "works", "pictures"],
      members.map { [$0["member"]?.string ?? "", "\($0["works"]?.integer ?? 0)", "\($0["items"]?.integer ?? 0)"] })
  }

  private func askAboutACopy() async throws {
    guard let query = sample.queries.first(where: { $0.key != nil && $0.level == "light" }), let original = query.key
    else { return }
    Page.title("1. A picture turned up somewhere. What does it resemble?")
    Page.say("(It is an edited copy, so we know the right answer: \(original).)")
    Page.hits(try await search(query.vector, SearchOptions(k: 5)), marking: original)
  }

  private func askAboutAStranger() async throws {
    guard let query = sample.queries.first(where: { $0.key == nil }) else { return }
    Page.title("2. A picture that nobody registered: does anything match at a score of \(Sample.threshold) or more?")
    let answer = try await client.match(
      vectors: query.vector, dimension: sample.dimension, options: MatchOptions(scoreThreshold: Sample.threshold))
    let count = answer.results.first?.hits.count ?? 0
    let nearest = try await search(query.vector, SearchOptions(k: 1)).first?.score ?? 0
    Page.say(
      "\(count == 0 ? "Nothing" : "\(count) pictures"). The answer is complete: \(answer.complete ?? false). "
        + "The nearest one has a score of \(Page.score(nearest)).")
  }

  private func askByWork() async throws {
    guard let query = sample.queries.first(where: { $0.key != nil && $0.level == "medium" }) else { return }
    Page.title("3. Which works does it resemble, one line a work?")
    var options = SearchOptions(k: 4)
    options.groupBy = "work"
    let answer = try await client.search(vectors: query.vector, dimension: sample.dimension, options: options)
    Page.table(
      ["score", "work", "member", "pictures", "best picture"],
      (answer.results.first?.groups ?? []).map { group in
        [Page.score(group.score), group.work ?? "", group.member ?? "", "\(group.count)", group.hits.first?.key ?? ""]
      })
  }

  private func askWithAFilter() async throws {
    guard let query = sample.queries.first(where: { $0.key != nil && $0.level == "light" }), let key = query.key else {
      return
    }
    let member = String(key.prefix { $0 != "/" })
    Page.title("4. The same picture, but only film works of members other than \(member), from 2015 on")
    let filter: JSONValue = [
      "must": [["key": "kind", "match": ["value": "film"]], ["key": "year", "range": ["gte": 2015]]],
      "must_not": [["key": "member", "match": ["value": .string(member)]]],
    ]
    Page.hits(try await search(query.vector, SearchOptions(k: 3, filter: filter)), marking: nil)
  }

  private func askAboutAVideo() async throws {
    Page.title("5. Which frames of a video show something registered?")
    for video in sample.videos {
      let answer = try await client.search(
        vectors: video.frames, dimension: sample.dimension, options: SearchOptions(k: 1))
      let best = answer.results.map { $0.hits.first }
      for run in VideoRun.runs(of: best, atLeast: Sample.frameThreshold) {
        Page.say(
          "video \(video.number), frames \(run.frames.lowerBound)–\(run.frames.upperBound): \(run.key) (score up to \(Page.score(run.best)))"
        )
      }
      for truth in video.segments {
        Page.say("    truth: frames \(truth.frames.lowerBound)–\(truth.frames.upperBound): \(truth.key)")
      }
    }
  }

  private func askEverything() async throws {
    Page.title("6. All \(sample.queries.count) queries, one request each, many in flight")
    let start = ContinuousClock.now
    let answers = try await client.searchAll(
      vectors: sample.queries.flatMap(\.vector), dimension: sample.dimension, options: SearchOptions(k: 1))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let levels = ["light", "medium", "heavy"].map { level -> [String] in
      let copies = zip(sample.queries, answers).filter { $0.0.level == level && $0.0.key != nil }
      let found = copies.count { query, result in
        result.hits.first.map { sample.group(of: $0.key) == query.duplicateGroup } ?? false
      }
      return [level, "\(copies.count)", "\(found * 100 / max(copies.count, 1)) %"]
    }
    Page.table(["edit", "copies", "original found first"], levels)
    Page.say("\(answers.count) answers in \(Int(seconds * 1000)) ms: \(Int(Double(answers.count) / seconds)) a second.")
  }

  private func search(_ vector: [Float], _ options: SearchOptions) async throws -> [Hit] {
    try await client.search(vectors: vector, dimension: sample.dimension, options: options).results.first?.hits ?? []
  }
}
