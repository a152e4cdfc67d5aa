import Foundation
import Subprocess
import Synchronization
import SystemPackage

extension KagamiClient {
  /// Runs `body` with an engine that is started for it, and waits for the engine's end.
  ///
  /// After `body` the engine's input is closed; it finishes what it accepted and exits. One that does not within
  /// ``EngineOptions/grace`` is terminated. Cancelling the task terminates the engine too. No process and no descriptor is
  /// left behind, however this ends. The engine has a session of its own, so that an interrupt from the terminal (Ctrl-C) does not end
  /// it; it ends with its input, and so with this process, however that ends. SIGPIPE is ignored in this process from now on, unless somebody handles it: otherwise
  /// an engine's death would end its caller.
  ///
  /// - Parameters:
  ///   - executable: A path, or a name to look up in `PATH`.
  ///   - arguments: What follows the executable, such as `["serve", "art.kagami"]`.
  ///   - options: How the engine is run.
  ///   - body: What is done with the engine; the client is of no use afterwards.
  /// - Returns: What `body` returned.
  /// - Throws: What `body` threw; ``ClientError/cannotRun(executable:reason:)``; or ``ClientError/engineExited(_:)`` when the
  ///   engine exited with another code than 0 and no call in `body` has failed for it yet.
  nonisolated(nonsending) public static func withEngine<Result>(
    executable: String, arguments: [String], options: EngineOptions = EngineOptions(),
    _ body: nonisolated(nonsending) (KagamiClient) async throws -> Result
  ) async throws -> Result {
    _ = brokenPipesAreIgnored
    let client = KagamiClient(window: options.window, cancelsInEngine: options.cancelsInEngine)
    let configuration = configuration(executable: executable, arguments: arguments, options: options)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await client.host(configuration, executable: executable, grace: options.grace) }
      let outcome: Swift.Result<Result, any Error>
      do {
        try await client.waitUntilStarted()
        outcome = .success(try await body(client))
      } catch {
        outcome = .failure(error)
      }
      client.close()
      try await group.waitForAll()
      let value = try outcome.get()
      try client.reportBadEnd()
      return value
    }
  }

  /// Waits until the engine has ended, and says how.
  ///
  /// It does not ask the engine to end: see ``close()`` and ``shutDown()``.
  ///
  /// - Throws: ``ClientError/cannotRun(executable:reason:)`` when its end could not be seen; `CancellationError`.
  public func exit() async throws -> EngineExit {
    let (exits, waiter) = AsyncThrowingStream<EngineExit, any Error>.makeStream()
    state.withLock { state in
      state.exitWaiters.append(waiter)
      if let end = state.end { state.tellExitWaiters(of: end) }
    }
    for try await exit in exits { return exit }
    throw CancellationError()
  }

  private static func configuration(
    executable: String, arguments: [String], options: EngineOptions
  ) -> Configuration {
    var platform = PlatformOptions()
    // Ctrl-C goes to all of a terminal's processes, and is meant for the caller: what becomes of its engine is the caller's to say.
    platform.createSession = true
    platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: options.grace)]
    let additions = options.environment.compactMap { name, value in
      Environment.Key(rawValue: name).map { ($0, Optional(value)) }
    }
    return Configuration(
      executable: executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
      arguments: Arguments(arguments),
      environment: .inherit.updating(Dictionary(additions, uniquingKeysWith: { $1 })),
      platformOptions: platform)
  }

  private func waitUntilStarted() async throws {
    for await _ in start.stream { return }
    try Task.checkCancellation()
    try reportBadEnd()
  }

  /// Throws the reason for which nothing will be answered any more, unless it is a good one or known already.
  private func reportBadEnd() throws {
    let news = state.withLock { state -> ClientError? in
      guard let end = state.end, !state.endWasReported else { return nil }
      if case .engineExited(let exit) = end, exit.isSuccess { return nil }
      state.endWasReported = true
      return end
    }
    if let news { throw news }
  }
}

/// Makes a write to an engine that has died an error instead of a signal that ends this process.
///
/// The disposition belongs to the whole process, so it is set once, and a handler that somebody installed stays.
private let brokenPipesAreIgnored: Void = {
  if let handler = signal(SIGPIPE, SIG_IGN) { signal(SIGPIPE, handler) }
}()
