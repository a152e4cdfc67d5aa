import Foundation
import VectorKernels
import WireProtocol

/// `kagami serve`: a co-process on standard input and output.
public enum Server {
  /// Answers requests until the input ends, `engine.shutdown` is asked, or a signal comes.
  ///
  /// - Parameters:
  ///   - catalogue: The catalogue's directory.
  ///   - readOnly: Whether edits are refused.
  ///   - threads: How many threads work, at least 1.
  ///   - options: How it is observed.
  /// - Returns: The exit code: 0, or 74 when nobody reads the answers any more.
  /// - Throws: `CatalogueError` or `IndexError` where the catalogue cannot be opened, ``LogFailure`` where the log cannot.
  public static func run(
    catalogue: String, readOnly: Bool, threads: Int, observation options: ObservationOptions = ObservationOptions()
  ) throws -> Int32 {
    let observation = try Observation(options)
    do {
      let code = try serve(catalogue: catalogue, readOnly: readOnly, threads: threads, observation)
      observation.end(code: code)
      return code
    } catch {
      observation.failed(error)
      throw error
    }
  }

  private static func serve(
    catalogue: String, readOnly: Bool, threads: Int, _ observation: Observation
  ) throws -> Int32 {
    let output = try StandardStreams.takeOutput()
    // Our workers share out the products; BLAS must not multiply the threads.
    _ = BLASLibrary.setThreadCount(1)
    let engine = try Engine(path: catalogue, threads: threads)
    let input = try InputReader(descriptor: STDIN_FILENO)
    let limits = Limits()
    let window = Window(limits: limits)
    let writer = LineWriter(descriptor: output, window: window) { input.stop() }
    let handler = RequestHandler(engine: engine, statistics: observation.statistics, isReadOnly: readOnly)
    let conversation = Conversation(handler, window: window, limits: limits) { lines, places in
      writer.add(lines, giving: places)
    }
    try Signals.listen {
      conversation.cancelQueued()
      input.stop()
      window.close()
      writer.hurry(within: 2)
    }
    writer.start()
    verifyApart(engine, observation.log)
    observation.begin(handler)
    let checkpoint = Checkpoint(engine, handler.editor)
    engine.startLinking { checkpoint.writeIfDue() }
    let workers = WorkerThreads(count: threads) { conversation.work() }
    input.run { chunk in
      conversation.receive(chunk)
      return !conversation.isShuttingDown
    }
    conversation.finish()
    workers.join()
    handler.editor.close()
    engine.linker.close()
    return writer.close() ? 0 : 74
  }

  /// Reads the snapshot through while requests are answered already; one that turns out to be damaged is set aside.
  private static func verifyApart(_ engine: Engine, _ log: Log) {
    let thread = Thread {
      // The first answers have the processors to themselves.
      Thread.sleep(forTimeInterval: 1)
      if (try? engine.verifySnapshot()) == false { log.damaged(engine) }
    }
    thread.name = "verification"
    thread.stackSize = 1 << 20
    thread.start()
  }
}

/// Threads that run one function each.
final class WorkerThreads: Sendable {
  private let group = DispatchGroup()

  init(count: Int, _ body: @escaping @Sendable () -> Void) {
    for number in 0..<count {
      group.enter()
      let group = group
      let thread = Thread {
        body()
        group.leave()
      }
      thread.name = "worker \(number)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  /// Waits until all have returned.
  func join() { group.wait() }
}
