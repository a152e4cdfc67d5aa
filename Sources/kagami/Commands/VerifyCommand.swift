import ArgumentParser
import Catalogue
import Foundation
import Service

/// `kagami verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a catalogue's files against what was recorded.",
    discussion: """
      Checks the record by its own rules, every stored row against the checksum that was recorded when it came, and every snapshot of \
      the index against its own and the record. Prints what is wrong; exit code 0 means that nothing is, 65 that something is.

      --full also checks the names in the snapshot in force, whether its graph is sound and reaches every row, and whether searching \
      by it finds the neighbours of some two hundred stored rows that looking at everything finds (at least 90 % of ten).

      --removed KEY shows what became of an item that was removed: every row that the key ever had, and whether its vector is still in \
      a row file or its code in a snapshot. Exit code 0: gone from every file in force. 65: not gone, or still live. 66: the key is unknown.

      Example: kagami verify art.kagami --full
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "Check also the graph, and what searching by it finds.")
  var full = false

  @Option(help: ArgumentHelp("Show whether the vectors of a removed item are gone.", valueName: "key"))
  var removed: String?

  @Flag(help: "One JSON object instead of lines for people.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many threads search with --full. Default: one a processor.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if full, removed != nil { throw ValidationError("--full and --removed exclude each other.") }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  func run() throws {
    if let removed { return try showRemoval(of: removed) }
    let bar = ProgressBar("rows")
    let report = try Failure.reporting {
      defer { bar.finish() }
      let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
      return try Verifier(path: catalogue, isFull: full, threads: threads).run { done, total in
        bar.update(done, of: total)
      }
    }
    if json {
      try Output.verbatim(report.json(of: catalogue))
    } else {
      for finding in report.findings { try Output.line("\(finding.file): \(finding.description)") }
    }
    guard report.findings.isEmpty else {
      let advice =
        report.snapshotFindings == report.findings.count
        ? "nothing is lost: run kagami build" : "restore it from a backup, or import into a new catalogue"
      Output.note("kagami: \(catalogue) is damaged in \(report.findings.count) places; \(advice).")
      throw ExitCode(65)
    }
    if !json { try Output.line(report.summary(of: catalogue)) }
  }

  private func showRemoval(of key: String) throws {
    let proof = try Failure.reporting { try RemovalProof(path: catalogue, key: key) }
    if json { try Output.verbatim(proof.json) } else { for line in proof.lines { try Output.line(line) } }
    switch proof.state {
    case .gone: return
    case .held:
      Output.note(
        "kagami: \(catalogue): vectors of \(key) are still in files in force; run kagami compact \(catalogue).")
      throw ExitCode(65)
    case .live:
      Output.note("kagami: \(catalogue): an item with the key \(key) is live; remove it first.")
      throw ExitCode(65)
    case .unknown:
      Output.note("kagami: \(catalogue): no item ever had the key \(key); check how it is written.")
      throw ExitCode(66)
    }
  }
}
