import ArgumentParser
import Service

/// `kagami backup`.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy a catalogue as of one moment, while it is in use.",
    discussion: """
      The copy is a catalogue like the original, as of one revision, whatever other processes search or write meanwhile: record, rows, and \
      the snapshot of the index in force. Every row is compared with its checksum before the copy gets its name, so that it is there whole \
      and sound or not at all. To restore it, stop what uses the catalogue and put the copy in its place.

      Example: kagami backup art.kagami /backups/art-monday.kagami
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Argument(help: ArgumentHelp("The directory to make; nothing may be there yet.", valueName: "target"))
  var target: String

  func run() throws {
    let bar = ProgressBar("bytes of rows")
    let report = try Failure.reporting {
      defer { bar.finish() }
      return try Backup(catalogue: catalogue, target: target).run { done, total in bar.update(done, of: total) }
    }
    try Output.line(
      "\(catalogue) at revision \(report.sequence) is copied to \(target): \(report.rows) rows, "
        + (report.snapshot.map { "snapshot \($0)" } ?? "no snapshot")
        + ", \(report.byteCount) bytes; the copy is verified.")
  }
}
