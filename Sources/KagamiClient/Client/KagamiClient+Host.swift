import Subprocess
import Synchronization

/// The tasks between a client and its process: one writes, one reads answers, one drains standard error, one sees to its end.
extension KagamiClient {
  private typealias Engine = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

  /// Runs the process from its start to its end, and returns when it has been waited for and everybody knows.
  func host(_ configuration: Configuration, executable: String, grace: Duration) async {
    do {
      let result = try await run(configuration, input: .inputWriter, output: .sequence, error: .sequence) { engine in
        start.continuation.yield()
        return await attend(engine, grace: grace)
      }
      let status: EngineExit.Status =
        switch result.terminationStatus {
        case .exited(let code): .code(code)
        case .signaled(let number): .signal(number)
        }
      finish(.engineExited(EngineExit(status: status, standardErrorTail: result.closureResult)))
    } catch {
      finish(.cannotRun(executable: executable, reason: "\(error)"))
    }
    start.continuation.finish()
  }

  /// Talks to the process until it closes its output and has ended.
  ///
  /// - Returns: The end of its standard error.
  private func attend(_ engine: Engine, grace: Duration) async -> String {
    async let requests: Void = writeRequests(to: engine.standardInputWriter)
    async let end: Void = obeyOrders(about: engine, grace: grace)
    async let tail = drain(engine.standardError)
    await readAnswers(from: engine.standardOutput)
    // Nothing can be answered any more: the process has ended, or is to.
    orders.continuation.yield(.endInGrace)
    orders.continuation.finish()
    doorbell.continuation.finish()
    _ = await (requests, end)
    return await tail.text
  }

  /// Writes what is waiting whenever the bell rings, all of it at once, until the client is closed.
  private func writeRequests(to input: StandardInputWriter) async {
    var lines: [UInt8] = []
    // A write that fails needs no report: the process has ended, and its exit says more.
    for await _ in doorbell.stream {
      while takeOutgoing(reusing: &lines) {
        guard let written = try? await input.write(lines), written == lines.count else { return }
      }
      if state.withLock({ $0.isClosed && $0.ledger.isFlushed }) { break }
    }
    try? await input.finish()
  }

  private func takeOutgoing(reusing lines: inout [UInt8]) -> Bool {
    state.withLock { $0.ledger.takeOutgoing(reusing: &lines) }
    return !lines.isEmpty
  }

  private func readAnswers(from output: SubprocessOutputSequence) async {
    var splitter = LineSplitter()
    // A read that fails is the end of the answers, like the end of the stream. An unterminated last line is no answer.
    do {
      for try await chunk in output { deliver(splitter.lines(completedBy: chunk.bytes)) }
    } catch {}
  }

  private func drain(_ output: SubprocessOutputSequence) async -> OutputTail {
    var tail = OutputTail()
    do {
      for try await chunk in output { tail.append(chunk.bytes) }
    } catch {}
    return tail
  }

  private func obeyOrders(about engine: Engine, grace: Duration) async {
    await withDiscardingTaskGroup { group in
      for await order in orders.stream {
        let steps: [TeardownStep] =
          switch order {
          // Signal 0 does nothing to the process: that step only waits.
          case .endInGrace:
            [
              .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: grace),
              .gracefulShutDown(allowedDurationToNextStep: grace),
            ]
          case .kill: []
          }
        group.addTask { await engine.teardown(using: steps) }
      }
    }
  }
}
