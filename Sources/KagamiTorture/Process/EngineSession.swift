import Foundation

/// A spawned engine that is asked with ids and answers in any order.
///
/// - Concurrency: Belongs to one thread.
final class EngineSession {
  /// The process.
  let child: Child
  /// Answers that came and were not taken.
  private(set) var answers: [Int: Answer] = [:]
  /// Ids in the order in which their answers came.
  private(set) var order: [Int] = []
  /// Lines that are no answers: there should be none.
  private(set) var garbage: [String] = []
  /// Whether the engine has closed its output.
  private(set) var isOver = false
  private var lastID = 0
  /// Changes what comes, as a broken engine would: for faults that are planted.
  var alteration: ((inout Answer) -> Void)?

  /// How long an answer may take; a machine that is busy with other things is no fault of the engine's.
  static let patience = Duration.seconds(300)

  /// Starts `kagami serve`.
  ///
  /// - Parameters:
  ///   - engine: The program.
  ///   - catalogue: The directory.
  ///   - options: Further arguments.
  ///   - environment: What is added to the environment.
  ///   - preparation: Commands of a shell before it.
  /// - Throws: `POSIXError`.
  init(
    _ engine: String, _ catalogue: String, options: [String] = [], environment: [String: String] = [:],
    after preparation: String? = nil
  ) throws {
    child = try Child(
      [engine, "serve", catalogue, "--threads", "2"] + options, environment: environment, after: preparation)
  }

  /// Sends a request.
  ///
  /// - Returns: Its id.
  func send(_ request: Request) -> Int {
    lastID += 1
    child.send(request.line(id: lastID))
    return lastID
  }

  /// Takes what came within a time.
  func pump(for time: Duration) {
    if !child.pump(for: time) { isOver = true }
    let decoder = JSONDecoder()
    while let line = child.takeLine() {
      guard var answer = try? decoder.decode(Answer.self, from: Data(line)), let id = answer.id else {
        garbage.append(String(decoding: line.prefix(200), as: UTF8.self))
        continue
      }
      alteration?(&answer)
      answers[id] = answer
      order.append(id)
    }
  }

  /// The answer to a request; nil where the engine ends, or takes too long.
  func answer(to id: Int, within time: Duration = patience) -> Answer? {
    let deadline = ContinuousClock.now + time
    while answers[id] == nil, !isOver, ContinuousClock.now < deadline { pump(for: .milliseconds(100)) }
    return answers[id]
  }

  /// Sends a request and waits for its answer.
  func ask(_ request: Request, within time: Duration = patience) -> Answer? {
    answer(to: send(request), within: time)
  }

  /// Kills the process and takes what it had written.
  func kill() {
    child.send(signal: SIGKILL)
    drain()
    _ = child.waitForEnd(within: .seconds(60))
  }

  /// Ends its input and waits for its end.
  ///
  /// - Returns: How it ended; nil where it does not.
  func close() -> Child.End? {
    child.closeInput(within: .seconds(60))
    drain()
    return child.waitForEnd(within: .seconds(60))
  }

  private func drain() {
    let deadline = ContinuousClock.now + .seconds(60)
    while !isOver, ContinuousClock.now < deadline { pump(for: .milliseconds(100)) }
  }
}
