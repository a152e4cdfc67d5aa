import ArgumentParser
import Service

/// `kagami works`.
struct WorksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "works",
    abstract: "See and edit works.",
    subcommands: [WorksListCommand.self, WorksPutCommand.self, WorksRemoveCommand.self],
    defaultSubcommand: WorksListCommand.self)
}

/// `kagami works list`.
struct WorksListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print works and how many items they have.",
    discussion: "Example: kagami works list art.kagami --member noto")

  @OptionGroup var options: EditOptions

  @Option(help: ArgumentHelp("Only works of this member.", valueName: "id"))
  var member: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many at most.", valueName: "n"))
  var limit = 1000

  private struct Parameters: Encodable {
    var member: String?
    var limit: Int
  }

  private struct Answer: Decodable {
    struct Work: Decodable {
      let member, work: String
      let title, kind: String?
      let items: Int
    }
    let works: [Work]
  }

  func run() throws {
    try options.ask("works.list", Parameters(member: member, limit: limit), words: CommandWords()) { (answer: Answer) in
      let rows = answer.works.map { [$0.member, $0.work, $0.title ?? "", $0.kind ?? "", "\($0.items)"] }
      try Output.table(["member", "work", "title", "kind", "items"], rows, numeric: [4])
    }
  }
}

/// `kagami works put`.
struct WorksPutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Store a work, or what changes about one.",
    discussion: "Example: kagami works put art.kagami noto 1f600 --title 'Grinning face' --first-published 2016")

  @OptionGroup var options: EditOptions

  @Argument(help: "The member's id.")
  var member: String

  @Argument(help: "The work's id.")
  var work: String

  @Option(help: ArgumentHelp("The title.", valueName: "text"))
  var title: String?

  @Option(help: ArgumentHelp("What sort of work it is.", valueName: "text"))
  var kind: String?

  @Option(help: ArgumentHelp("When it was first published.", valueName: "time"))
  var firstPublished: String?

  private struct Parameters: Encodable {
    var member, work: String
    var title, kind, firstPublished: String?
  }

  private struct Answer: Decodable { let seq: Int }

  func run() throws {
    let parameters = Parameters(member: member, work: work, title: title, kind: kind, firstPublished: firstPublished)
    try Failure.reporting { try TimeOption.check("--first-published", firstPublished, allowsYear: true) }
    try options.ask("works.put", parameters) { (answer: Answer) in
      try Output.line("\(member)/\(work) is stored at revision \(answer.seq).")
    }
  }
}

/// `kagami works remove`.
struct WorksRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a work, with --cascade together with its items.",
    discussion: "Example: kagami works remove art.kagami noto 1f600 --cascade")

  @OptionGroup var options: EditOptions

  @Argument(help: "The member's id.")
  var member: String

  @Argument(help: "The work's id.")
  var work: String

  @Flag(help: "Remove the work's items with it.")
  var cascade = false

  private struct Parameters: Encodable {
    var member, work: String
    var cascade: Bool
  }

  func run() throws {
    try options.ask("works.remove", Parameters(member: member, work: work, cascade: cascade)) { (receipt: Receipt) in
      try receipt.show()
    }
  }
}
