import Foundation
import VectorKernels
import WireProtocol

/// An engine at work, with everything that its streams share: workers, editor, linker, checkpoints.
final class ServingEngine: Sendable {
  let engine: Engine
  let handler: RequestHandler
  let queue: WorkQueue
  private let workers: WorkerThreads

  /// Opens a catalogue and starts the workers.
  ///
  /// - Parameters:
  ///   - options: How it is served.
  ///   - observation: Counts and logs.
  ///   - isShared: Whether several streams share it.
  /// - Throws: `CatalogueError` or `IndexError` where the catalogue cannot be opened.
  init(_ options: ServeOptions, _ observation: Observation, isShared: Bool) throws {
    // Our workers share out the products; BLAS must not multiply the threads.
    _ = BLASLibrary.setThreadCount(1)
    // Before anything begins that the system's event queue serves: it ends the process where it gets no descriptor.
    try StandardStreams.requireDescriptors(Self.openDescriptors)
    let engine = try Engine(path: options.catalogue, threads: options.threads)
    try Signals.tellOfBusErrors { observation.log.busError(options.catalogue) }
    try StandardStreams.requireDescriptors(Self.spareDescriptors)
    let handler = RequestHandler(engine: engine, statistics: observation.statistics, isReadOnly: options.isReadOnly)
    let queue = WorkQueue(width: options.threads)
    (self.engine, self.handler, self.queue) = (engine, handler, queue)
    Self.verifyApart(engine, observation.log)
    let checkpoint = Checkpoint(engine, handler.editor)
    engine.startLinking { checkpoint.writeIfDue() }
    workers = WorkerThreads(count: options.threads + (isShared ? 1 : 0)) { queue.work() }
  }

  /// What a catalogue takes at most while it is opened, and the event queue.
  private static let openDescriptors = 20
  /// What an edit, its readers of the record and the system's event queue open beside what is open from the start: the event queue ends the
  /// process where it gets none.
  private static let spareDescriptors = 12

  /// Ends the workers once everything is answered, and gives the catalogue's lock back.
  func end() {
    queue.close()
    workers.join()
    handler.editor.close()
    engine.linker.close()
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
