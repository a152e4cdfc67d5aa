import Foundation

/// A catalogue of the sample in `Data/`, imported by the command line into a folder of its own.
public final class SampleCatalogue {
  private let home: TemporaryDirectory

  /// Where it is.
  public var path: String { home.appending("art.kagami") }

  /// Imports it, with the labels of the year as `label_year`.
  public init() throws {
    home = try TemporaryDirectory()
    let result = try CommandResult.kagami(
      "import", home.appending("art.kagami"), "--vectors", Repository.sample("items.npy"), "--metadata",
      Repository.sample("items.jsonl"), "--label", "label_year=" + Repository.sample("labels/year.npy"))
    guard result.end == .exit(0) else { throw CommandFailure(description: "\(result)") }
  }

  /// Serves it; the process keeps the folder.
  ///
  /// - Parameters:
  ///   - options: Options of the command.
  ///   - errorStream: What becomes of standard error.
  ///   - preparation: Commands of a shell that becomes the process after them.
  /// - Returns: The process.
  /// - Throws: `POSIXError` where it cannot be started.
  public func serve(
    _ options: String..., errorStream: EngineProcess.ErrorStream = .kept, after preparation: String? = nil
  ) throws -> EngineProcess {
    let process = try EngineProcess(["serve", path] + options, errorStream: errorStream, after: preparation)
    process.companion = home
    return process
  }
}

/// A command that had to succeed did not.
public struct CommandFailure: Error, CustomStringConvertible {
  /// What it did.
  public let description: String
}
