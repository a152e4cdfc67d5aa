import ArgumentParser

/// `kagami permissions put`.
struct PermissionsPutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put",
    abstract: "Record a permission.",
    discussion: """
      It is for all works of the member, or for the one --work or --item that is named. Without --territory it is worldwide. With an --id \
      of your own the command may be run again: the same permission is recorded once, and another one of that id is refused.

      Example: kagami permissions put art.kagami --member noto --licensee acme --use training --use display --granted-at 2025-03-01
      """)

  @OptionGroup var options: PermissionsOptions

  @Option(help: "The permission's id. Default: a new one.")
  var id: String?

  @Option(help: "Whose works it is for.")
  var member: String

  @Option(help: "The one work that it is for.")
  var work: String?

  @Option(help: ArgumentHelp("The one item that it is for.", valueName: "key"))
  var item: String?

  @Option(help: "Who is permitted something.")
  var licensee: String

  @Option(
    help: ArgumentHelp(
      "What is permitted: training, generation, display, distribution or another name. May be repeated.",
      valueName: "use"))
  var use: [String]

  @Option(help: ArgumentHelp("Where, as a code of ISO 3166-1. May be repeated. Default: worldwide.", valueName: "code"))
  var territory: [String] = []

  @Option(help: ArgumentHelp("The first instant that is covered.", valueName: "time"))
  var validFrom: String?

  @Option(help: ArgumentHelp("The first instant that is no longer covered.", valueName: "time"))
  var validUntil: String?

  @Option(help: ArgumentHelp("When it was given; earlier uses are not covered.", valueName: "time"))
  var grantedAt: String

  @Option(help: ArgumentHelp("Where to find the contract.", valueName: "text"))
  var reference: String?

  private struct Parameters: Encodable {
    var id, work, item: String?
    var member, licensee: String
    var uses: [String]
    var territories: [String]?
    var validFrom, validUntil: String?
    var grantedAt: String
    var reference: String?
  }

  func run() throws {
    let parameters = Parameters(
      id: id, work: work, item: item, member: member, licensee: licensee, uses: use,
      territories: territory.isEmpty ? nil : territory, validFrom: validFrom, validUntil: validUntil,
      grantedAt: grantedAt, reference: reference)
    _ = try options.ask("permissions.put", parameters) { (result: RecordedPermission) in
      try Output.line(
        result.created
          ? "Permission \(result.id) is recorded."
          : "Permission \(result.id) was recorded already, \(result.recordedAt).")
    }
  }
}
