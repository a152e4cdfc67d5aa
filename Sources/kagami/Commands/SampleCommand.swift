import ArgumentParser
import SampleData
import Service

/// `kagami sample`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write a small fictional register to try things on.",
    discussion: """
      Members, works, items, edited copies, unrelated pictures and two short videos, as embeddings; the same bytes on every machine.

      Example: kagami sample sample && kagami import sample.kagami --vectors sample/items.npy --metadata sample/items.jsonl
      """)

  @Argument(help: ArgumentHelp("The directory to write into; made where there is none.", valueName: "directory"))
  var directory: String

  func run() throws {
    let summary = try Failure.reporting { try SampleCatalogue().write(to: directory) }
    try Output.line("\(summary)")
  }
}
