import ArgumentParser
import Foundation
import Service

/// `kagami search`.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find what the vectors of a file resemble.",
    discussion: """
      Prints a table for people, or with --json one JSON object a vector: {"query":0,"hits":[{"key":…,"score":…,"member":…,"work":…}]}.
      Scores are larger for more similar: cosine similarity, inner product, or minus the Euclidean distance.

      A filter has the grammar of the protocol, for instance
        --filter '{"must":[{"key":"member","match":{"value":"noto"}}]}'

      Example: kagami search art.kagami --vectors suspects.npy -k 5
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Option(help: ArgumentHelp("The file with the vectors: .npy, .fvecs, .bvecs, .fbin or .jsonl.", valueName: "file"))
  var vectors: String

  @Option(
    name: [.customShort("k"), .customLong("k")], parsing: .unconditional,
    help: ArgumentHelp("How many hits for each vector.", valueName: "n"))
  var k = 10

  @OptionGroup
  var effort: EffortOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Only hits with at least this score.", valueName: "score"))
  var scoreThreshold: Float?

  @Option(help: ArgumentHelp("Only items that meet a filter, as JSON.", valueName: "json"))
  var filter: String?

  @Flag(help: "JSON lines instead of a table.")
  var json = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many threads work. Default: one a processor.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard (1...10_000).contains(k) else { throw ValidationError("-k takes 1 to 10000.") }
    if let scoreThreshold, !scoreThreshold.isFinite {
      throw ValidationError("--score-threshold takes a finite number.")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  func run() throws {
    try Failure.reporting {
      let engine = try Engine(path: catalogue, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
      for trouble in engine.snapshotTroubles { Output.note("kagami: \(trouble)") }
      let search = try FileSearch(engine, k: k, scoreThreshold: scoreThreshold, filter: filter, effort: effort.chosen)
      try search.run(vectors) { query, line, hits in
        if json { try Output.verbatim(line) } else { try show(query, hits) }
      }
    }
  }

  private func show(_ query: Int, _ hits: [FileSearch.Hit]) throws {
    guard !hits.isEmpty else {
      try Output.line("\(vectors) [\(query)]: nothing found")
      return try Output.line("")
    }
    try Output.line("\(vectors) [\(query)]")
    let rows = hits.enumerated().map { rank, hit in
      ["  \(rank + 1)", String(format: "%.4f", hit.score), hit.key, hit.member ?? "", hit.work ?? ""]
    }
    try Output.table(["  #", "score", "key", "member", "work"], rows, numeric: [0, 1])
    try Output.line("")
  }
}
