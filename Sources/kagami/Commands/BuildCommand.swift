import ArgumentParser
import Foundation
import Service

/// `kagami build`.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Make a new snapshot of a catalogue's index.",
    discussion: """
      Writes everything that searches need into one file that engines map at their start, and puts it in force. Engines that serve the \
      catalogue go on answering meanwhile and take the new snapshot up by themselves. The one before is kept. Nobody else can write to the \
      catalogue until it is done.

      Example: kagami build art.kagami --threads 4 --memory 2G
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many threads work. Default: one a processor.", valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Memory to keep to, such as 512M or 4G. Default: as much as it takes.", valueName: "size"))
  var memory: ByteSize?

  @OptionGroup var lock: LockOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    if let memory, memory.bytes < 1 << 20 { throw ValidationError("--memory takes at least 1M.") }
  }

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let bar = ProgressBar("rows")
    let report = try Failure.reporting {
      defer { bar.finish() }
      let engine = try Engine(path: catalogue, threads: threads)
      var options = IndexBuild.Options(threads: threads, memory: memory?.bytes)
      options.lockPatience = lock.patience
      return try IndexBuild(engine, options).run { progress in
        bar.update(progress.done, of: progress.total)
      }
    }
    let seconds = String(format: "%.1f", report.duration / .seconds(1))
    try Output.line(
      "Snapshot \(report.number) of \(catalogue) is in force: \(report.rows) rows at revision \(report.sequence), "
        + "\(report.byteCount) bytes, made in \(seconds) s.")
  }
}

/// A number of bytes: `512M`, `4G`, `1048576`.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    guard let number = Int(unit == nil ? argument : String(argument.dropLast())), number >= 0 else { return nil }
    let (bytes, hasOverflowed) = number.multipliedReportingOverflow(by: unit ?? 1)
    guard !hasOverflowed else { return nil }
    self.bytes = bytes
  }
}
