import ArgumentParser

/// `kagami permissions list`.
struct PermissionsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show permissions and their revocations, in the order of recording.",
    discussion: """
      A page at a time: where there are more, the last line says how to go on.

      Example: kagami permissions list art.kagami --member noto --licensee acme
      """)

  @OptionGroup var options: PermissionsOptions

  @Option(help: "Only permissions of this member.")
  var member: String?

  @Option(help: "Only permissions of this licensee.")
  var licensee: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many at most, 1 to 10000.", valueName: "n"))
  var limit = 1000

  @Option(help: ArgumentHelp("Where an earlier answer stopped.", valueName: "text"))
  var cursor: String?

  private struct Parameters: Encodable {
    var member, licensee: String?
    var limit: Int
    var cursor: String?
  }

  private struct Page: Decodable {
    struct Permission: Decodable {
      struct Revocation: Decodable {
        let revokedAt: String
      }

      let id, member, licensee: String
      let work, item: String?
      let uses, territories: [String]
      let validFrom, validUntil: String?
      let grantedAt: String
      let revocations: [Revocation]?

      var cells: [String] {
        [
          id, item ?? work.map { "\(member)/\($0)" } ?? member, licensee, uses.joined(separator: " "),
          territories.joined(separator: " "), validFrom ?? "", validUntil ?? "", grantedAt,
          revocations?.map(\.revokedAt).min() ?? "",
        ]
      }
    }

    let permissions: [Permission]
    let cursor: String?
  }

  func run() throws {
    let parameters = Parameters(member: member, licensee: licensee, limit: limit, cursor: cursor)
    _ = try options.ask("permissions.list", parameters) { (page: Page) in
      guard !page.permissions.isEmpty else { return try Output.line("No permissions are recorded.") }
      try Output.table(
        ["id", "for", "licensee", "uses", "territories", "valid from", "until", "granted", "revoked"],
        page.permissions.map(\.cells))
      if let cursor = page.cursor { try Output.line("There are more: --cursor \(cursor)") }
    }
  }
}
