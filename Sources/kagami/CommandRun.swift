import ArgumentParser
import Service

/// One run of the command line: every way in which it may end leads through here.
enum CommandRun {
  /// Understands the arguments and does what they say.
  ///
  /// - Returns: The exit code, after sysexits.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      try RepeatedOption.check(arguments)
      var command = try Kagami.parseAsRoot(arguments)
      try command.run()
      return ExitCode.success.rawValue
    } catch {
      return end(with: error)
    }
  }

  private static func end(with error: any Error) -> Int32 {
    if let failure = error as? OutputFailure { return fail(failure) }
    let code = Kagami.exitCode(for: error)
    // Help, a version and a script for completions are results; what is wrong with the arguments is a complaint.
    let text = Kagami.fullMessage(for: error)
    guard !text.isEmpty else { return code.rawValue }
    guard code == .success else {
      Output.complaint(text)
      return code.rawValue
    }
    do {
      try Output.verbatim(text)
      return code.rawValue
    } catch {
      return fail(error)
    }
  }

  private static func fail(_ failure: OutputFailure) -> Int32 {
    Output.note("kagami: \(failure)")
    return OutputFailure.exitCode
  }
}
