import Foundation
import TestSupport
import Testing

/// `kagami scan`, killed and run again.
@Suite struct ScanCommandTests {
  private let sample: SampleCatalogue
  private let home: TemporaryDirectory

  init() throws {
    sample = try SampleCatalogue()
    home = try TemporaryDirectory()
  }

  /// Queries of the sample, over and over.
  private func input(rows: Int) throws -> String {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    let content = (0..<rows).flatMap { row in
      queries[row % queries.rowCount].flatMap { number in withUnsafeBytes(of: number) { Array($0) } }
    }
    return try home.write(NpyBytes.file(type: "<f2", shape: "(\(rows), \(queries.columns))", content), to: "q.npy")
  }

  private func arguments(_ input: String, _ output: String) -> [String] {
    ["scan", sample.path, "--input", input, input, "--output", home.appending(output), "--checkpoint", "0", "--json"]
      + (output.hasSuffix(".npy") ? [] : use)
  }

  /// Every hit says whether this is permitted, where the output has a place for it.
  private let use = ["--licensee", "acme", "--use", "training", "--territory", "JP", "--at", "2025-06-01"]

  private struct Summary: Decodable { let queries, hits, refused, resumed, seq, rate: Int }

  private func summary(_ result: CommandResult) throws -> Summary {
    try JSONDecoder().decode(Summary.self, from: Data(result.text.utf8))
  }

  @Test func `Hits say whether a use is permitted`() throws {
    let put = try CommandResult.kagami([
      "permissions", "put", sample.path, "--id", "p", "--member", "moonreed", "--licensee", "acme", "--use", "training",
      "--granted-at", "2025-01-01",
    ])
    #expect(put.end == .exit(0), "\(put)")
    let result = try CommandResult.kagami(arguments(input(rows: 40), "out.csv"))
    #expect(result.end == .exit(0), "\(result)")
    let lines = String(decoding: try home.read("out.csv"), as: UTF8.self).components(separatedBy: "\r\n").dropFirst()
    for line in lines where !line.isEmpty {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let verdict: [Substring] =
        fields[6] == "moonreed" ? ["permitted", "", "p"] : ["not_permitted", "none_recorded", ""]
      #expect(Array(fields[8...10]) == verdict, "\(line)")
    }
    #expect(lines.contains { $0.contains(",moonreed,") } && lines.contains { $0.contains("none_recorded") })
  }

  @Test(arguments: ["jsonl", "csv", "npy"])
  func `Killed at any moment and run again, it writes the same bytes`(_ ending: String) throws {
    let input = try input(rows: 3_000)
    let whole = try CommandResult.kagami(arguments(input, "whole.\(ending)"))
    #expect(whole.end == .exit(0) && whole.errors.isEmpty, "\(whole)")
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    var kills = 0
    for _ in 0..<8 {
      let process = try EngineProcess(arguments(input, "cut.\(ending)") + ["--threads", "2"])
      // The first one early, before everything is done.
      usleep(UInt32.random(in: 10_000...(kills == 0 ? 25_000 : 150_000), using: &generator))
      process.send(signal: SIGKILL)
      if try process.waitForEnd() == .signal(SIGKILL) { kills += 1 } else { break }
    }
    if !FileManager.default.fileExists(atPath: home.appending("cut.\(ending)")) {
      let last = try CommandResult.kagami(arguments(input, "cut.\(ending)") + ["--threads", "1"])
      #expect(last.end == .exit(0), "\(last)")
      #expect(try summary(last).queries == 6_000)
    }
    #expect(kills > 0)
    #expect(try home.read("cut.\(ending)") == home.read("whole.\(ending)"), "seed \(seed), \(kills) kills")
    if ending == "npy" { #expect(try home.read("cut.keys.jsonl") == home.read("whole.keys.jsonl"), "seed \(seed)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).allSatisfy { !$0.contains(".part") })
  }

  @Test func `What a kill leaves is gone on from`() throws {
    let input = try input(rows: 6_000)
    let process = try EngineProcess(arguments(input, "out.csv"))
    let journal = home.appending("out.csv.part.journal")
    let deadline = ContinuousClock.now + EngineProcess.patience
    // Until the journal speaks of some rows.
    while (try? String(contentsOfFile: journal, encoding: .utf8))?.contains(#""queries":0,"#) != false {
      try #require(ContinuousClock.now < deadline)
      usleep(1000)
    }
    process.send(signal: SIGSTOP)
    let other = try CommandResult.kagami(arguments(input, "out.csv"))
    #expect(other.end == .exit(75) && other.errors.contains("another process is writing"), "\(other)")
    process.send(signal: SIGKILL)
    #expect(try process.waitForEnd() == .signal(SIGKILL))
    let rest = try CommandResult.kagami(arguments(input, "out.csv"))
    let summary = try summary(rest)
    #expect(summary.resumed > 0 && summary.resumed < 12_000 && summary.queries == 12_000 && summary.hits == 120_000)
    #expect(try home.read("out.csv").count { $0 == 10 } == 120_001)
  }

  @Test func `Where there is no room, what was found stays and is gone on from`() throws {
    let input = try input(rows: 2_000)
    let full = try CommandResult.kagami(arguments(input, "out.jsonl"), after: "ulimit -f 1000")
    #expect(full.end == .exit(74) && full.errors.contains("out.jsonl.part: cannot be written"), "\(full)")
    let rest = try CommandResult.kagami(arguments(input, "out.jsonl"))
    #expect(rest.end == .exit(0), "\(rest)")
    #expect(try summary(rest).resumed > 0)
    #expect(try home.read("out.jsonl").count { $0 == 10 } == 4_000)
  }

  @Test func `It says what it did, and wrong options are 64`() throws {
    let input = try input(rows: 20)
    let result = try CommandResult.kagami(
      "scan", sample.path, "--input", input, "--output", home.appending("a.jsonl"), "-k", "2")
    #expect(result.end == .exit(0) && result.lines.isEmpty)
    #expect(result.errors.hasPrefix("20 vectors, 40 hits, at revision 1: "), "\(result)")
    for options in [
      ["-k", "0"], ["--threshold", "0.5", "--beam-width", "20"], ["--exact", "--target-recall", "0.9"],
      ["--threads", "0"], ["--use", "trainings"], ["--at", "yesterday"],
    ] {
      #expect(try CommandResult.kagami(arguments(input, "b.jsonl") + options).end == .exit(64), "\(options)")
    }
    for options in [["--use", "training"], ["--as-known-at", "2025-01-01"], use.dropLast(2)] {
      let part = try CommandResult.kagami(
        ["scan", sample.path, "--input", input, "--output", home.appending("b")] + options)
      #expect(part.end == .exit(64) && part.errors.contains("--licensee, --use, --territory and --at"), "\(options)")
    }
    let matrix = try CommandResult.kagami(arguments(input, "b.npy") + use)
    #expect(matrix.end == .exit(64) && matrix.errors.contains("no place for permissions"), "\(matrix)")
    #expect(try CommandResult.kagami(arguments(input, "b.txt")).end == .exit(64))
    let again = try CommandResult.kagami(arguments(input, "a.jsonl"))
    #expect(again.end == .exit(73) && again.errors.contains("--force"))
  }
}
