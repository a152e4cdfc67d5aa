/// Calls of any method, and those whose answers are a few words.
extension KagamiClient {
  /// Calls a method.
  ///
  /// ```swift
  /// let statistics = try await client.call("engine.stats")
  /// let answer = try await client.call("items.get", ["keys": ["noto/1f600"]], returning: ItemsAnswer.self)
  /// ```
  ///
  /// - Parameters:
  ///   - method: The method's name.
  ///   - parameters: Named parameters: what encodes to a JSON object.
  ///   - result: What to read the result as; any JSON unless something else is expected.
  /// - Returns: The result.
  /// - Throws: ``EngineError`` when the engine refuses; ``ClientError`` when it ends or answers in another shape;
  ///   `EncodingError` when the parameters have no JSON form; `CancellationError`.
  /// - Concurrency: May be called from any number of tasks; beyond the window it waits for its turn.
  public func call<Parameters: Encodable, Result: Decodable>(
    _ method: String, _ parameters: Parameters = [String: JSONValue](), returning result: Result.Type = JSONValue.self
  ) async throws -> Result {
    let answer = try await exchange(urgent: Self.urgentMethods.contains(method)) { id in
      try RequestLine.bytes(id: id, method: method, parameters: parameters)
    }
    return try answer.result(of: method)
  }

  /// Methods that the engine takes beyond its window, so that they can be asked while it is full.
  private static let urgentMethods: Set<String> = ["engine.health", "engine.stats", "engine.cancel", "engine.shutdown"]

  /// What the engine is and can: versions, limits, model, metric, dimension, count.
  public func hello() async throws -> JSONValue {
    try await call("engine.hello")
  }

  /// Whether the engine is well, and if not, why; never waits for other calls.
  public func health() async throws -> JSONValue {
    try await call("engine.health")
  }

  /// Waits until everything sent before is finished and durable.
  ///
  /// - Returns: The number of transactions by then.
  public func sync() async throws -> Int {
    try await call("engine.sync", returning: SequenceAnswer.self).seq
  }

  /// The items that have some keys; keys without an item are counted.
  public func items(_ keys: [String]) async throws -> ItemsAnswer {
    try await call("items.get", ["keys": keys], returning: ItemsAnswer.self)
  }

  /// Asks the engine to finish its work, and waits for its end.
  ///
  /// - Throws: ``ClientError``, ``EngineError``, `CancellationError`.
  public func shutDown() async throws -> EngineExit {
    _ = try await call("engine.shutdown")
    close()
    return try await exit()
  }
}

private struct SequenceAnswer: Decodable {
  let seq: Int
}
