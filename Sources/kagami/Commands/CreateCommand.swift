import ArgumentParser
import Catalogue

/// `kagami create`.
struct CreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make an empty catalogue.",
    discussion: """
      All vectors of a catalogue come from one embedding model, so their dimension and metric are fixed here. `kagami import` makes \
      a catalogue by itself; create one first to choose other settings, or to fill it later.

      Example: kagami create art.kagami --dimension 512 --model sscd-disc-mixup
      """)

  @Argument(help: ArgumentHelp("The directory to make.", valueName: "catalogue"))
  var catalogue: String

  @Option(parsing: .unconditional, help: "How many numbers a vector has, 1 to 8192.")
  var dimension: Int

  @OptionGroup var space: SpaceOptions

  func validate() throws {
    guard (1...8192).contains(dimension) else { throw ValidationError("--dimension takes 1 to 8192.") }
  }

  func run() throws {
    try Failure.reporting {
      let model = space.model(dimension: dimension)
      try CatalogueStore.create(at: catalogue, model: model)
      try Output.line(
        "Made \(catalogue): \(dimension) numbers a vector, \(model.metric.rawValue), stored as \(model.storage.rawValue)."
      )
    }
  }
}
