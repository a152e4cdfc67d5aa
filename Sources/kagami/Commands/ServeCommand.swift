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
      End of input ends the engine after everything accepted is answered; so does engine.shutdown. SIGTERM, SIGINT and SIGHUP end it soon, \
      after the running transaction; a second signal at once.

      Up to 64 requests or 64 MiB may be under way without reading an answer; beyond that the engine stops reading. For tools that pair lines, \
      such as paste, jq or Spark's pipe, --ordered keeps the answers in the order of the requests.

      With --socket many programs of the same user share one engine, each with its own connection and the same protocol.

      Exit codes: 0 all is well, 64 usage, 65 data, 66 no such catalogue, 70 internal, 71 too little memory, 73 cannot create, 74 nobody reads the answers, 75 in use \
      by another process, 77 no permission, 78 configuration.

      Examples:
        echo '{"jsonrpc":"2.0","id":1,"method":"engine.hello"}' | kagami serve art.kagami
        jq -c '{jsonrpc:"2.0",id:.n,method:"search",params:{key:.key}}' list.jsonl | kagami serve art.kagami --ordered
        kagami serve art.kagami --socket /run/user/1000/kagami
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "Refuse edits, whatever the file permissions allow.")
  var readOnly = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many threads work. Default: one a processor.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Write answers in the order of the requests.")
  var ordered = false

  @Option(
    help: ArgumentHelp(
      "What becomes of requests beyond the window: 'wait' stops reading until answers are read, 'reject' answers them with 'overloaded'.",
      valueName: "policy"))
  var overload = OverloadPolicy.wait

  @Flag(help: "End when the process that started the engine ends, whoever else holds its input open.")
  var exitWithParent = false

  @Option(
    help: ArgumentHelp(
      "Serve on a local socket of this path, in place of standard input and output; for processes of the same user only. SIGTERM ends the engine.",
      valueName: "path"))
  var socket: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many may be connected to the socket at once.", valueName: "n"))
  var maxConnections = 64

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much all callers of the socket may have under way together, and as much again of unread answers.",
      valueName: "MiB"))
  var sharedWindow = 256

  /// What becomes of requests beyond the window.
  enum OverloadPolicy: String, ExpressibleByArgument, CaseIterable {
    case wait, reject
  }

  @OptionGroup(title: "Observation")
  var observation: ObservationFlags

  func validate() throws {
    guard (1...4096).contains(maxConnections) else { throw ValidationError("--max-connections takes 1 to 4096.") }
    guard (1...1_048_576).contains(sharedWindow) else { throw ValidationError("--shared-window takes 1 to 1048576.") }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  func run() throws {
    var options = ServeOptions(catalogue: catalogue)
    options.isReadOnly = readOnly
    options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    options.isOrdered = ordered
    options.refusesOverload = overload == .reject
    options.exitsWithParent = exitWithParent
    (options.socket, options.connections, options.sharedWindowBytes) = (socket, maxConnections, sharedWindow << 20)
    options.observation = observation.options
    let need = AddressSpace.Need.serving(catalogue, threads: options.threads)
    let code = try Failure.reporting(needing: need) { try Server.run(options) }
    if code != 0 { throw ExitCode(code) }
  }
}
