import Foundation
import KagamiClient
import TestSupport

/// Engines of a few lines of shell, each with one habit that a client must cope with.
enum ScriptedEngine {
  /// Answers every request with its own parameters.
  static let echo =
    #"exec sed -u 's/^{"jsonrpc":"2.0","id":\([0-9]*\),"method":"[^"]*","params":\(.*\)}$/{"jsonrpc":"2.0","id":\1,"result":\2}/'"#

  /// Shell functions: `next` reads a request and sets `id`, or ends the engine with its input; `answer ID RESULT` answers one.
  static let helpers = #"""
    next() { IFS= read -r line || exit 0; id=${line#*\"id\":}; id=${id%%,*}; }
    answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"; }

    """#

  /// Runs `body` with a script as its engine.
  nonisolated(nonsending) static func run<Result>(
    _ script: String, window: CallWindow = CallWindow(), grace: Duration = .seconds(10), cancelsInEngine: Bool = false,
    _ body: nonisolated(nonsending) (KagamiClient) async throws -> Result
  ) async throws -> Result {
    var options = EngineOptions()
    options.window = window
    options.grace = grace
    options.cancelsInEngine = cancelsInEngine
    return try await KagamiClient.withEngine(
      executable: "sh", arguments: ["-c", helpers + script], options: options, body)
  }
}

extension KagamiClient {
  /// Waits until so many calls have been made that were not answered.
  func waitForOpenCalls(_ count: Int) async throws {
    while openCalls < count { try await Task.sleep(for: .milliseconds(1)) }
  }
}

/// What a scripted engine waits for until the test says so, however long that takes on a busy machine.
struct ScriptedGate {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write([], to: "closed")
  }

  /// The command that waits.
  var wait: String { "while [ -e '\(directory.appending("closed"))' ]; do sleep 0.02; done" }

  /// Lets the engine go on.
  func open() throws {
    try FileManager.default.removeItem(atPath: directory.appending("closed"))
  }
}
