import ArgumentParser
import Service

/// `kagami permissions revoke`.
struct PermissionsRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Record that a permission covers nothing from an instant on.",
    discussion: """
      Uses before that instant stay covered. A permission may be revoked more than once; the earliest instant counts.

      Example: kagami permissions revoke art.kagami 2025-017 --revoked-at 2025-09-01 --reference 'letter of 28 August'
      """)

  @OptionGroup var options: PermissionsOptions

  @Argument(help: "The permission's id.")
  var id: String

  @Option(help: ArgumentHelp("From when on it covers nothing.", valueName: "time"))
  var revokedAt: String

  @Option(help: ArgumentHelp("Where to find the letter.", valueName: "text"))
  var reference: String?

  private struct Parameters: Encodable {
    var id, revokedAt: String
    var reference: String?
  }

  func run() throws {
    let parameters = Parameters(id: id, revokedAt: revokedAt, reference: reference)
    _ = try options.ask("permissions.revoke", parameters, words: CommandWords(arguments: ["id": "<id>"])) {
      (result: RecordedPermission) in
      try Output.line(
        result.created
          ? "The revocation of \(result.id) is recorded."
          : "This revocation of \(result.id) was recorded already, \(result.recordedAt).")
    }
  }
}
