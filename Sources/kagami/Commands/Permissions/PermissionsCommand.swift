import ArgumentParser
import Foundation
import Service

/// `kagami permissions`.
struct PermissionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permissions",
    abstract: "Record who was permitted to use what, and ask whether a use is permitted.",
    discussion: """
      Use needs prior permission; silence is not consent. The register holds permissions that members gave, and their revocations. Neither \
      is ever edited: whoever was wrong about one revokes it and records another.

      Times are in UTC: 2025-03-01T00:00:00Z, or 2025-03-01 for the first instant of that day. A window begins with its first instant \
      and ends before its last: --valid-until 2026-01-01 covers all of 2025.

        kagami permissions put art.kagami --member noto --licensee acme --use training --territory JP --granted-at 2025-03-01
        kagami permissions check art.kagami --key noto/1f600 --licensee acme --use training --territory JP --at 2025-06-01
        kagami permissions revoke art.kagami ID --revoked-at 2025-09-01
        kagami permissions list art.kagami --licensee acme
      """,
    subcommands: [
      PermissionsPutCommand.self, PermissionsRevokeCommand.self, PermissionsListCommand.self,
      PermissionsCheckCommand.self,
    ])
}

/// What all commands about permissions have.
struct PermissionsOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "One JSON object, as the protocol has it, instead of text for people.")
  var json = false

  /// Asks the catalogue; prints JSON, or lets `show` print the result for people.
  func ask<Result: Decodable>(
    _ method: String, _ parameters: some Encodable, words: CommandWords = CommandWords(),
    show: (Result) throws -> Void
  ) throws -> Result {
    try Failure.reporting {
      let answer = try OneRequest.result(of: method, Question.json(parameters), catalogue: catalogue, words: words)
      let result: Result = try Question.result(answer)
      if json { try Output.verbatim(answer) } else { try show(result) }
      return result
    }
  }
}

/// What `permissions.put` and `permissions.revoke` answer.
struct RecordedPermission: Decodable {
  let id: String
  let recordedAt: String
  let created: Bool
}
