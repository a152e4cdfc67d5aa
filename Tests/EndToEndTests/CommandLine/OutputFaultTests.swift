import Foundation
import TestSupport
import Testing

/// Every command where what it prints cannot be written: it ends with 74 and says so where it can, and never by a signal.
@Suite struct OutputFaultTests {
  /// What is wrong with the streams.
  enum Fault: String, CaseIterable, Sendable {
    case full, noOutput, noErrors, neither, nothing, noReader

    /// What a shell does before it becomes the command.
    var preparation: String {
      let redirection =
        switch self {
        case .full: "exec 1>/dev/full"
        case .noOutput: "exec 1>&-"
        case .noErrors: "exec 2>&-"
        case .neither: "exec 1>&- 2>&-"
        case .nothing: "exec 0<&- 1>&- 2>&-"
        case .noReader: ":"
        }
      // It begins when this test has closed its end.
      return "read _; " + redirection
    }

    var hasErrors: Bool { self != .neither && self != .nothing && self != .noErrors }
  }

  /// A catalogue of two items, made once.
  private static let original = Result {
    let home = try TemporaryDirectory()
    let lines = #"{"key":"a","vector":[1,2],"member":"m","work":"w"}"# + "\n" + #"{"key":"b","vector":[2,1]}"#
    let vectors = try home.write(Array(lines.utf8), to: "vectors.jsonl")
    #expect(try CommandResult.kagami("import", home.appending("art"), "--vectors", vectors).end == .exit(0))
    let use = ["--member", "m", "--licensee", "l", "--use", "training", "--granted-at", "2025-01-01", "--id", "p"]
    #expect(try CommandResult.kagami(["permissions", "put", home.appending("art")] + use).end == .exit(0))
    return home
  }

  /// Arguments with which each command has something to print.
  private static func arguments(of command: String, _ home: TemporaryDirectory) -> [String]? {
    let (art, vectors) = (home.appending("art"), home.appending("vectors.jsonl"))
    let use = ["--licensee", "l", "--use", "training", "--territory", "JP", "--at", "2025-06-01"]
    let rest: [String: [String]] = [
      "create": [home.appending("new"), "--dimension", "2"], "import": [home.appending("new"), "--vectors", vectors],
      "serve": [art], "search": [art, "--vectors", vectors],
      "scan": [art, "--input", vectors, "--output", home.appending("hits.csv"), "--json"], "info": [art],
      "build": [art], "add": [art, vectors], "remove": [art, "a"], "compact": [art], "members list": [art],
      "members put": [art, "n"], "members remove": [art, "m", "--cascade"], "works list": [art],
      "works put": [art, "m", "v"], "works remove": [art, "m", "w", "--cascade"],
      "permissions put": [art, "--member", "m", "--licensee", "k", "--use", "training", "--granted-at", "2025-01-01"],
      "permissions revoke": [art, "p", "--revoked-at", "2025-02-01"], "permissions list": [art],
      "permissions check": [art, "--key", "a"] + use, "verify": [art],
      "export": [art, "--vectors", home.appending("out.npy"), "--metadata", home.appending("out.jsonl")],
      "backup": [art, home.appending("copy")], "schema": [], "sample": [home.appending("sample")], "help": [],
    ]
    return rest[command].map { command.split(separator: " ").map(String.init) + $0 }
  }

  private struct Outcome {
    let end: EngineProcess.End
    let lines: [String]
    let errors: String
  }

  private func run(_ arguments: [String], _ fault: Fault) throws -> Outcome {
    let process = try EngineProcess(arguments, after: fault.preparation)
    if fault == .noReader { process.closeOutput() }
    try process.send("begin", #"{"jsonrpc":"2.0","id":1,"method":"engine.health"}"#)
    process.closeInput()
    let lines = fault == .noReader ? [] : try process.rest()
    return Outcome(end: try process.waitForEnd(), lines: lines, errors: process.errorText)
  }

  private func expect(_ result: Outcome, _ fault: Fault, _ command: String) {
    if fault == .noErrors {
      #expect(result.end == .exit(0), "\(command), \(fault): \(result)")
    } else {
      #expect(result.end == .exit(74), "\(command), \(fault): \(result)")
    }
    let isSaid = result.errors.contains("standard output") || command == "serve"
    #expect(isSaid == fault.hasErrors || command == "serve", "\(command), \(fault): \(result)")
  }

  @Test func `The list of commands is not empty`() {
    #expect(CommandList.all.count > 20)
  }

  @Test(arguments: CommandList.all)
  func `A command`(_ command: String) throws {
    for fault in Fault.allCases {
      let home = try TemporaryDirectory()
      for name in ["art", "vectors.jsonl"] {
        try FileManager.default.copyItem(
          atPath: Self.original.get().appending(name), toPath: home.appending(name))
      }
      let arguments = try #require(Self.arguments(of: command, home), "a new command needs its arguments in this test")
      // Without input an engine has nothing to say.
      if command == "serve", fault == .nothing || fault == .noErrors { continue }
      expect(try run(arguments, fault), fault, command)
    }
  }

  @Test(arguments: CommandList.all + [""])
  func `The help of a command`(_ command: String) throws {
    for fault in [Fault.full, .noErrors, .neither] {
      expect(try run(command.split(separator: " ").map(String.init) + ["--help"], fault), fault, "help")
    }
  }

  @Test(arguments: Fault.allCases)
  func `Its version, its scripts, and what is wrong with arguments`(_ fault: Fault) throws {
    for option in ["--version", "--generate-completion-script=bash"] { expect(try run([option], fault), fault, option) }
    let wrong = try run(["frobnicate"], fault)
    #expect(wrong.end == .exit(64), "\(wrong)")
    #expect(wrong.errors.contains("frobnicate") == (fault.hasErrors), "\(wrong)")
  }

  /// A file that gets the number of a stream would be written to in its place.
  @Test func `No file is taken for a stream that is closed`() throws {
    let home = try TemporaryDirectory()
    let result = try CommandResult.kagami(
      "create", home.appending("art"), "--dimension", "2", after: "exec 0<&- 1>&- 2>&-")
    #expect(result.end == .exit(74))
    let verified = try CommandResult.kagami("verify", home.appending("art"))
    #expect(verified.end == .exit(0), "\(verified)")
  }

  @Test func `A stream that does not wait is waited for`() throws {
    let expected = try CommandResult.kagami("schema")
    let result = try CommandResult.kagami(
      "schema",
      after: #"perl -e 'use Fcntl; open my $o, ">&=1"; fcntl($o, F_SETFL, fcntl($o, F_GETFL, 0) | O_NONBLOCK)'"#)
    #expect(result.end == .exit(0) && result.lines == expected.lines)
  }
}

/// The commands that the command line itself knows of.
enum CommandList {
  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?

    func leaves(after path: [String]) -> [String] {
      guard let subcommands, !subcommands.isEmpty else { return [path.joined(separator: " ")] }
      return subcommands.flatMap { $0.leaves(after: path + [$0.commandName]) }
    }
  }

  private struct Dump: Decodable {
    let command: Command
  }

  /// All of them, such as `members list`.
  static let all: [String] = {
    guard let text = try? CommandResult.kagami("--experimental-dump-help").text,
      let dump = try? JSONDecoder().decode(Dump.self, from: Data(text.utf8))
    else { return [] }
    return dump.command.leaves(after: [])
  }()
}
