import ArgumentParser
import Foundation
import Service

/// `kagami serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer requests on standard input, one JSON object a line.",
    discussion: """
      For programs: spawn this as a co-process, write JSON-RPC 2.0 requests to its standard input, one a line, and read the answers from \
      its standard output. Answers may come in another order than the requests; every request gets exactly one. Logs go to standard error. \
      End of input ends the engine after everything accepted is answered.

      Example: echo '{"jsonrpc":"2.0","id":1,"method":"engine.hello"}' | kagami serve art.kagami
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "Refuse edits, whatever the file permissions allow.")
  var readOnly = false

  @Option(help: ArgumentHelp("How many threads work. Default: one a processor.", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Observation")
  var observation: ObservationFlags

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  func run() throws {
    let code = try Failure.reporting {
      try Server.run(
        catalogue: catalogue, readOnly: readOnly, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        observation: observation.options)
    }
    if code != 0 { throw ExitCode(code) }
  }
}
