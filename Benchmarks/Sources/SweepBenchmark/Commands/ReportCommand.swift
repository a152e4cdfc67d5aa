import ArgumentParser
import Foundation
import SweepResults

/// Puts the files of one comparison together.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Prints one table of ratios over hnswlib; writes it, all points as CSV, and the frontiers as SVG.")

  @Argument(help: "Files of figures, of this tool and of the peers; a system measured twice keeps its faster times.")
  var files: [String]

  @Option(help: "Where to write: NAME.json, NAME.csv, NAME.md, NAME.svg and NAME-batch.svg.")
  var output: String?

  func run() throws {
    let run = try SweepRun.merging(files.map(SweepRun.read))
    let table = RatioTable(run).markdown
    print("\(run.machine); \(run.data.name): \(run.data.rows) × \(run.data.dimension), k = \(run.data.k)")
    print(table)
    guard let output else { return }
    try run.write("\(output).json")
    for (ending, text) in [
      (".csv", run.csv), (".md", table), (".svg", FrontierChart(run).svg),
      ("-batch.svg", FrontierChart(run, mode: .batch).svg),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: output + ending))
    }
  }
}
