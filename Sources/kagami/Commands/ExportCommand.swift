import ArgumentParser
import Catalogue
import Service

/// `kagami export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a catalogue's vectors and metadata to files that import reads.",
    discussion: """
      Writes the live items, in the order in which they came: their vectors as they are stored into a .npy file, and one JSON object a \
      line into the other, with the fields that import knows and the attributes beside them. Importing the two files into a new \
      catalogue brings the same items back, with the same bits. All of it is of one moment, also while somebody writes; the files \
      appear when they are whole.

      A filter has the grammar of the protocol, for instance
        --filter '{"must":[{"key":"member","match":{"value":"noto"}}]}'

      Example: kagami export art.kagami --vectors items.npy --metadata items.jsonl
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Option(help: ArgumentHelp("The file that gets the vectors.", valueName: "file.npy"))
  var vectors: String

  @Option(help: ArgumentHelp("The file that gets one line of JSON a vector.", valueName: "file.jsonl"))
  var metadata: String

  @Option(help: ArgumentHelp("Only items that meet a filter, as JSON.", valueName: "json"))
  var filter: String?

  @Flag(help: "Replace files that exist.")
  var force = false

  func run() throws {
    var request = ExportRequest(catalogue: catalogue, vectors: vectors, metadata: metadata)
    (request.filter, request.overwrites) = (filter, force)
    let bar = ProgressBar("rows")
    let report = try Failure.reporting {
      defer { bar.finish() }
      return try Exporter(request) { done, total in bar.update(done, of: total) }.run()
    }
    try Output.line(
      "\(report.rows) rows of \(catalogue), at revision \(report.sequence), exported to \(vectors) and \(metadata).")
    let model = report.model
    let name = model.name.map { " --model '\($0)'" } ?? ""
    try Output.line(
      "To bring them back: kagami import NEW --vectors \(vectors) --metadata \(metadata) --metric \(model.metric.rawValue) "
        + "--storage \(model.storage.rawValue)\(name)")
  }
}
