import Foundation
import Synchronization

/// An engine that is started again when it ends by itself, and calls that go on with the next one.
///
/// ```swift
/// try await RestartingClient.withEngine(executable: "kagami", arguments: ["serve", "art.kagami"]) { engine in
///   let answer = try await engine.read { try await $0.search(key: "noto/1f600") }
///   try await engine.edit { client, operation in try await client.remove(["noto/1f600"], operation: operation) }
/// }
/// ```
///
/// Only what may be done twice is done twice: reads, and edits that carry the name that they are given, which the catalogue
/// remembers. A call that fails for any other reason than the engine's end is not repeated.
public final class RestartingClient: Sendable {
  private struct State {
    /// The engine of the moment, nil between two of them.
    var client: KagamiClient?
    var waiters: [CheckedContinuation<KagamiClient, any Error>] = []
    /// Why there will be no other.
    var end: (any Error)?
    /// Restarts since something was answered.
    var failures = 0
  }

  private let state = Mutex(State())
  private let policy: RestartPolicy

  private init(_ policy: RestartPolicy) {
    self.policy = policy
  }

  /// Runs `body` with an engine that is started again whenever it ends before `body` does.
  ///
  /// - Parameters:
  ///   - executable: A path, or a name to look up in `PATH`.
  ///   - arguments: What follows the executable.
  ///   - options: How the engine is run.
  ///   - restarts: How often it is started again.
  ///   - body: What is done with the engine.
  /// - Returns: What `body` returned.
  /// - Throws: What `body` threw; the calls in it throw the last engine's ``ClientError`` once there is no other one.
  nonisolated(nonsending) public static func withEngine<Result: Sendable>(
    executable: String, arguments: [String], options: EngineOptions = EngineOptions(),
    restarts: RestartPolicy = RestartPolicy(),
    _ body: nonisolated(nonsending) (RestartingClient) async throws -> Result
  ) async throws -> Result {
    let engine = RestartingClient(restarts)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await engine.host(executable: executable, arguments: arguments, options: options) }
      let outcome: Swift.Result<Result, any Error>
      do {
        outcome = .success(try await body(engine))
      } catch {
        outcome = .failure(error)
      }
      engine.retire(ClientError.closed)
      try await group.waitForAll()
      return try outcome.get()
    }
  }

  /// Asks something that changes nothing; again, with the next engine, if this one ends first.
  ///
  /// - Parameter question: Makes the calls; it may run several times.
  /// - Returns: What it returned.
  /// - Throws: What it threw; ``ClientError/engineExited(_:)`` when there is no other engine.
  public func read<Answer: Sendable>(
    _ question: @Sendable (KagamiClient) async throws -> Answer
  ) async throws -> Answer {
    while true {
      let client = try await current()
      do {
        let answer = try await question(client)
        state.withLock { $0.failures = 0 }
        return answer
      } catch ClientError.engineExited {
        lose(client)
      }
    }
  }

  /// Changes something, once: the edit carries a name, so that the next engine knows whether it was done.
  ///
  /// - Parameter edit: Makes one edit and passes on the name as its `operation`; it may run several times.
  /// - Returns: What it returned.
  /// - Throws: What it threw; ``ClientError/engineExited(_:)`` when there is no other engine.
  @discardableResult
  public func edit<Answer: Sendable>(
    _ edit: @Sendable (KagamiClient, _ operation: String) async throws -> Answer
  ) async throws -> Answer {
    let operation = UUID().uuidString
    return try await read { try await edit($0, operation) }
  }

  // MARK: The engines

  /// Runs one engine after another until there shall be no other.
  private func host(executable: String, arguments: [String], options: EngineOptions) async {
    while true {
      var reason = ClientError.closed
      do {
        reason = try await KagamiClient.withEngine(executable: executable, arguments: arguments, options: options) {
          publish($0)
          return .engineExited(try await $0.exit())
        }
      } catch let error as ClientError {
        reason = error
      } catch {
        return retire(error)
      }
      if case .cannotRun = reason { return retire(reason) }
      guard let wait = waitBeforeRestart(after: reason) else { return }
      do { try await Task.sleep(for: wait) } catch { return retire(error) }
    }
  }

  /// How long to wait before the next engine; nil if there shall be none.
  private func waitBeforeRestart(after reason: ClientError) -> Duration? {
    let wait = state.withLock { state -> Duration? in
      state.client = nil
      guard state.end == nil, state.failures < policy.attempts else { return nil }
      defer { state.failures += 1 }
      return policy.wait(before: state.failures)
    }
    if wait == nil { retire(reason) }
    return wait
  }

  private func publish(_ client: KagamiClient) {
    let (waiters, isOver) = state.withLock { state in
      defer { state.waiters = [] }
      if state.end == nil { state.client = client }
      return (state.waiters, state.end != nil)
    }
    if isOver { client.close() }
    for waiter in waiters { waiter.resume(returning: client) }
  }

  /// Ends the engine of the moment; there will be no other.
  private func retire(_ error: any Error) {
    let (client, waiters, end) = state.withLock { state in
      let end = state.end ?? error
      state.end = end
      defer { (state.client, state.waiters) = (nil, []) }
      return (state.client, state.waiters, end)
    }
    client?.close()
    for waiter in waiters { waiter.resume(throwing: end) }
  }

  private func lose(_ client: KagamiClient) {
    state.withLock { state in
      if state.client === client { state.client = nil }
    }
  }

  /// The engine of the moment; waits for the next one between two.
  private func current() async throws -> KagamiClient {
    try await withCheckedThrowingContinuation { waiter in
      let known = state.withLock { state -> Result<KagamiClient, any Error>? in
        if let end = state.end { return .failure(end) }
        if let client = state.client { return .success(client) }
        state.waiters.append(waiter)
        return nil
      }
      if let known { waiter.resume(with: known) }
    }
  }
}
