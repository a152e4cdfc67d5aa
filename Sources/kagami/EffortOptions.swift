import ArgumentParser
import Service

/// How hard a search tries, for commands that search.
struct EffortOptions: ParsableArguments {
  @Flag(help: "Look at every row, also where there is a graph.")
  var exact = false

  @Option(parsing: .unconditional, help: ArgumentHelp("How many candidates a walk keeps.", valueName: "n"))
  var beamWidth: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the true neighbours that must be found, above 0 and up to 1. Default: 0.99.", valueName: "share"))
  var targetRecall: Double?

  /// Whether a width or a recall is asked for.
  var isGiven: Bool { beamWidth != nil || targetRecall != nil }

  /// The same for a search.
  var chosen: FileSearch.Effort {
    var effort = FileSearch.Effort()
    (effort.isExact, effort.beamWidth, effort.targetRecall) = (exact, beamWidth, targetRecall)
    return effort
  }

  func validate() throws {
    if let beamWidth, !(1...10_000).contains(beamWidth) { throw ValidationError("--beam-width takes 1 to 10000.") }
    if let targetRecall, !(targetRecall > 0 && targetRecall <= 1) {
      throw ValidationError("--target-recall takes a number above 0 and up to 1.")
    }
    if [exact, beamWidth != nil, targetRecall != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--exact, --beam-width and --target-recall exclude each other.")
    }
  }
}
