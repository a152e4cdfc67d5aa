/// What a command that ran to its end did.
public struct CommandResult {
  /// How it ended.
  public let end: EngineProcess.End
  /// What it printed.
  public let lines: [String]
  /// What it complained about.
  public let errors: String

  /// What it printed, as one text.
  public var text: String { lines.joined(separator: "\n") }

  /// Runs `kagami` to its end.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - preparation: Commands of a shell that becomes the process after them.
  /// - Returns: What it did.
  /// - Throws: ``Impatience`` where it does not end.
  public static func kagami(_ arguments: String..., after preparation: String? = nil) throws -> CommandResult {
    try kagami(arguments, after: preparation)
  }

  /// Runs `kagami` to its end.
  ///
  /// - Throws: ``Impatience`` where it does not end.
  public static func kagami(_ arguments: [String], after preparation: String? = nil) throws -> CommandResult {
    let process = try EngineProcess(arguments, after: preparation)
    process.closeInput()
    let lines = try process.rest()
    return CommandResult(end: try process.waitForEnd(), lines: lines, errors: process.errorText)
  }
}
