import ArgumentParser

/// Recall against speed on a folder of vectors.
@main
struct SweepBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures recall against speed, and compares with what peers measured.",
    subcommands: [GenerateCommand.self, BuildCommand.self, RunCommand.self, ReportCommand.self])
}
