import ArgumentParser
import Service

/// `kagami members`.
struct MembersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "members",
    abstract: "See and edit who has registered artwork.",
    subcommands: [MembersListCommand.self, MembersPutCommand.self, MembersRemoveCommand.self],
    defaultSubcommand: MembersListCommand.self)
}

/// `kagami members list`.
struct MembersListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print the members and what they have.",
    discussion: "Example: kagami members list art.kagami")

  @OptionGroup var options: EditOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("How many at most.", valueName: "n"))
  var limit = 1000

  private struct Answer: Decodable {
    struct Member: Decodable {
      let member: String
      let name, contact: String?
      let works, items: Int
    }
    let members: [Member]
  }

  func run() throws {
    try options.ask("members.list", ["limit": limit]) { (answer: Answer) in
      let rows = answer.members.map {
        [$0.member, $0.name ?? "", $0.contact ?? "", "\($0.works)", "\($0.items)"]
      }
      try Output.table(["member", "name", "contact", "works", "items"], rows, numeric: [3, 4])
    }
  }
}

/// `kagami members put`.
struct MembersPutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Store a member, or what changes about one.",
    discussion: "Example: kagami members put art.kagami noto --name 'Noto Project' --contact rights@example.org")

  @OptionGroup var options: EditOptions

  @Argument(help: "The member's id.")
  var member: String

  @Option(help: ArgumentHelp("The member's name.", valueName: "text"))
  var name: String?

  @Option(help: ArgumentHelp("How the member can be reached.", valueName: "text"))
  var contact: String?

  @Option(help: ArgumentHelp("When the member joined.", valueName: "time"))
  var joinedAt: String?

  private struct Parameters: Encodable {
    var member: String
    var name, contact, joinedAt: String?
  }

  private struct Answer: Decodable { let seq: Int }

  func run() throws {
    let parameters = Parameters(member: member, name: name, contact: contact, joinedAt: joinedAt)
    try Failure.reporting { try TimeOption.check("--joined-at", joinedAt) }
    try options.ask("members.put", parameters) { (answer: Answer) in
      try Output.line("\(member) is stored at revision \(answer.seq).")
    }
  }
}

/// `kagami members remove`.
struct MembersRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a member, with --cascade together with its items.",
    discussion: "Example: kagami members remove art.kagami noto --cascade")

  @OptionGroup var options: EditOptions

  @Argument(help: "The member's id.")
  var member: String

  @Flag(help: "Remove the member's works and items with it.")
  var cascade = false

  private struct Parameters: Encodable {
    var member: String
    var cascade: Bool
  }

  func run() throws {
    try options.ask("members.remove", Parameters(member: member, cascade: cascade)) { (receipt: Receipt) in
      try receipt.show()
    }
  }
}
