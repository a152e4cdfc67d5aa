import ArgumentParser
import Service

/// `kagami info`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a catalogue holds.",
    discussion: "Example: kagami info art.kagami")

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "One JSON object instead of lines for people.")
  var json = false

  func run() throws {
    let info = try Failure.reporting { try CatalogueInfo(path: catalogue) }
    if json { return try Output.verbatim(info.json) }
    try Output.table(["", ""], info.lines.map { [$0.name, $0.value] })
  }
}
