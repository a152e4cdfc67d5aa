import Foundation

/// A catalogue that an earlier release left, unpacked into a folder of its own; see `Tests/Golden/README.md`.
public final class GoldenCatalogue {
  /// The formats of the record that there is one of.
  public static let formats = [3]

  private static let folder = "\(Repository.root)/Tests/Golden"
  private let home: TemporaryDirectory
  private let format: Int

  /// Where it is.
  public var path: String { home.appending("art.kagami") }

  /// Unpacks the one of a format.
  ///
  /// - Throws: ``CommandFailure`` where `tar` cannot.
  public init(format: Int) throws {
    (home, self.format) = (try TemporaryDirectory(), format)
    try Self.run("/usr/bin/env", ["tar", "-xzf", "\(Self.folder)/format-\(format).tar.gz", "-C", home.path])
  }

  /// Lines of requests.
  public var questions: [String] { get throws { try Self.lines("questions.ndjson") } }

  /// The lines that answer them.
  public var answers: [String] { get throws { try Self.lines("format-\(format).answers.ndjson") } }

  /// Makes the same catalogue with today's engine.
  ///
  /// - Parameter folder: Where it goes.
  /// - Returns: Its path.
  /// - Throws: ``CommandFailure`` where it cannot be made.
  public static func make(in folder: String) throws -> String {
    try run("/bin/sh", ["\(self.folder)/make.sh", Repository.executable, folder])
    return "\(folder)/art.kagami"
  }

  private static func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let process = try Process.run(URL(fileURLWithPath: program), arguments: arguments)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandFailure(description: "\(arguments.joined(separator: " ")): exit code \(process.terminationStatus)")
    }
  }
}
