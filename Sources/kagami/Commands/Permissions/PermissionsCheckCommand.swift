import ArgumentParser

/// `kagami permissions check`.
struct PermissionsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether a use is permitted, and if not, the nearest reason.",
    discussion: """
      Of an item (--key), of one work (--member and --work) or of all works of a member (--member). Exit code 0 means permitted, 1 not permitted.

      With --as-known-at the register is asked what it knew then: permissions and revocations that were recorded later do not exist.

      Example: kagami permissions check art.kagami --key noto/1f600 --licensee acme --use training --territory JP --at 2025-06-01
      """)

  @OptionGroup var options: PermissionsOptions

  @Option(help: "The item that is used.")
  var key: String?

  @Option(help: "The member whose works are used.")
  var member: String?

  @Option(help: "The one work of the member that is used.")
  var work: String?

  @Option(help: "Who uses it.")
  var licensee: String

  @Option(help: "What for: training, generation, display, distribution or another name.")
  var use: String

  @Option(help: ArgumentHelp("Where, as a code of ISO 3166-1, or worldwide.", valueName: "code"))
  var territory: String

  @Option(help: ArgumentHelp("When it is used.", valueName: "time"))
  var at: String

  @Option(help: ArgumentHelp("The moment whose knowledge counts. Default: now.", valueName: "time"))
  var asKnownAt: String?

  private struct Parameters: Encodable {
    struct Use: Encodable {
      var licensee, use, territory, at: String
      var asKnownAt: String?
    }

    var key, member, work: String?
    var use: Use
  }

  private struct Verdict: Decodable {
    struct Permission: Decodable {
      let status: String
      let reason, id: String?
    }

    let permission: Permission

    var isPermitted: Bool { permission.status == "permitted" }

    var sentence: String {
      let id = permission.id ?? ""
      return switch permission.reason {
      case nil: "Permitted by \(id)."
      case "none_recorded": "Not permitted: no permission is recorded."
      case "other_licensee": "Not permitted: \(id) is another licensee's."
      case "other_use": "Not permitted: \(id) is for other uses."
      case "other_territory": "Not permitted: \(id) is for other territories."
      case "outside_window": "Not permitted: the use is outside the time of \(id)."
      case "granted_after_use": "Not permitted: \(id) was given after the use."
      case "revoked_before": "Not permitted: \(id) had been revoked before."
      case let reason?: "Not permitted: \(reason) \(id)."
      }
    }
  }

  func run() throws {
    let parameters = Parameters(
      key: key, member: member, work: work,
      use: .init(licensee: licensee, use: use, territory: territory, at: at, asKnownAt: asKnownAt))
    let verdict = try options.ask("permissions.check", parameters) { (verdict: Verdict) in
      try Output.line(verdict.sentence)
    }
    if !verdict.isPermitted { throw ExitCode(1) }
  }
}
