import ArgumentParser

/// How long a command that writes waits for another writer: one group for all of them.
struct LockOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long to wait while another process writes to the catalogue. Default: 0, which gives up at once (exit code 75).",
      valueName: "seconds"))
  var waitLock = 0.0

  func validate() throws {
    guard (0...604_800).contains(waitLock) else { throw ValidationError("--wait-lock takes 0 to 604800 seconds.") }
  }

  /// The same as a duration.
  var patience: Duration { .seconds(waitLock) }
}
