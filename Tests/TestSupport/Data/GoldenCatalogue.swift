import Foundation

/// A catalogue that an earlier release left, unpacked into a folder of its own; see `Tests/Golden/README.md`.
public final class GoldenCatalogue {
  /// What a catalogue is made of, by the numbers of its formats.
  public struct Release: Sendable, CustomStringConvertible {
    /// That of the record.
    public let format: Int
    /// That of codes and graph in a snapshot.
    public let graph: Int

    /// How files are named; before there was a second graph its number was left out.
    public var description: String { graph == 1 ? "format-\(format)" : "format-\(format)-graph-\(graph)" }
  }

  /// The releases that there is one of, the latest last.
  public static let releases = [
    Release(format: 3, graph: 1), Release(format: 3, graph: 2), Release(format: 4, graph: 2),
  ]

  private static let folder = "\(Repository.root)/Tests/Golden"
  private let home: TemporaryDirectory
  private let release: Release

  /// Where it is.
  public var path: String { home.appending("art.kagami") }

  /// Unpacks the one of a release, the latest one unless told.
  ///
  /// - Throws: ``CommandFailure`` where `tar` cannot.
  public init(_ release: Release = releases[releases.count - 1]) throws {
    (home, self.release) = (try TemporaryDirectory(), release)
    try Self.run("/usr/bin/env", ["tar", "-xzf", "\(Self.folder)/\(release).tar.gz", "-C", home.path])
  }

  /// Lines of requests.
  public var questions: [String] { get throws { try Self.lines("questions.ndjson") } }

  /// The lines that answer them.
  public var answers: [String] { get throws { try Self.lines("\(release).answers.ndjson") } }

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
