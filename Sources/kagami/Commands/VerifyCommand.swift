import ArgumentParser
import Catalogue
import Service

/// `kagami verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a catalogue's files against what was recorded.",
    discussion: """
      Checks the record by its own rules, every stored row against the checksum that was recorded when it came, and every snapshot of \
      the index against its own and the record. Prints what is wrong; exit code 0 means that nothing is, 65 that something is.

      Example: kagami verify art.kagami
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  func run() throws {
    let bar = ProgressBar("rows")
    let report = try Failure.reporting {
      defer { bar.finish() }
      return try Verifier(path: catalogue).run { done, total in bar.update(done, of: total) }
    }
    for finding in report.findings { Output.line("\(finding.file): \(finding.description)") }
    guard report.findings.isEmpty else {
      let advice =
        report.snapshotFindings == report.findings.count
        ? "nothing is lost: run kagami build" : "restore it from a backup, or import into a new catalogue"
      Output.note("kagami: \(catalogue) is damaged in \(report.findings.count) places; \(advice).")
      throw ExitCode(65)
    }
    let snapshots = report.snapshotsChecked
    Output.line(
      "\(catalogue): sound at revision \(report.sequence); \(report.rowsChecked) rows"
        + (snapshots == 0 ? "" : " and \(snapshots) snapshot\(snapshots == 1 ? "" : "s")")
        + " match their checksums.")
  }
}
