import Foundation

/// A command that runs beside others.
///
/// - Concurrency: Belongs to one thread.
final class RunningCommand {
  /// The process.
  let child: Child

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments.
  ///   - input: Lines for its standard input.
  ///   - environment: What is added to the environment.
  ///   - preparation: Commands of a shell before it.
  /// - Throws: `POSIXError`.
  init(
    _ words: [String], input: [String] = [], environment: [String: String] = [:], after preparation: String? = nil
  ) throws {
    child = try Child(words, environment: environment, after: preparation)
    for line in input { child.send(line) }
    child.closeInput(within: .seconds(30))
  }

  /// Whether it has ended; takes what it wrote meanwhile.
  func isOver() -> Bool { child.hasEnded() }

  /// Waits for its end.
  ///
  /// - Returns: What it did.
  func outcome() -> CommandOutcome { CommandOutcome(of: child) }
}

/// What a command that ran to its end did.
struct CommandOutcome {
  /// How it ended; nil where it did not.
  var end: Child.End?
  /// What it printed.
  var lines: [String] = []
  /// What it complained about.
  var errors = ""

  /// How long a command may take; a machine that is busy with other things is no fault of the command's.
  static let patience = Duration.seconds(300)

  /// Runs a program to its end.
  ///
  /// - Throws: `POSIXError`.
  init(_ words: [String], environment: [String: String] = [:], after preparation: String? = nil) throws {
    self = try RunningCommand(words, environment: environment, after: preparation).outcome()
  }

  fileprivate init(of child: Child) {
    end = child.waitForEnd(within: Self.patience)
    while let line = child.takeLine() { lines.append(String(decoding: line, as: UTF8.self)) }
    errors = child.errorText
  }

  /// Whether it exited with code 0.
  var isGood: Bool { end == .exit(0) }

  /// The JSON object that it printed.
  var result: Answer.Result? {
    lines.first.flatMap { try? JSONDecoder().decode(Answer.Result.self, from: Data($0.utf8)) }
  }

  /// The number behind the last of some words in what it printed.
  func number(after words: String) -> Int? {
    for line in lines.reversed() {
      guard let range = line.range(of: words, options: .backwards) else { continue }
      return Int(line[range.upperBound...].drop { $0 == " " }.prefix(while: \.isNumber))
    }
    return nil
  }

  /// How it ended, and what it said.
  var complaint: String {
    let words = (lines.prefix(2) + [errors.trimmingCharacters(in: .newlines)]).filter { !$0.isEmpty }
    return "\(end.map { "\($0)" } ?? "nothing in time"): \(words.joined(separator: " / ").prefix(500))"
  }
}
