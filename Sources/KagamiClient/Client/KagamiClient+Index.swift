/// Work on the index that takes long, and what the engine tells of itself.
extension KagamiClient {
  /// Makes a new snapshot of the index and puts it in force; searches go on meanwhile.
  ///
  /// - Parameters:
  ///   - threads: How many threads may work; the engine's choice unless given.
  ///   - memoryBytes: Memory that may be taken; as much as it takes unless given.
  ///   - progress: Hears how far it is, a few times a second.
  /// - Returns: What it came to.
  /// - Throws: ``EngineError``, of kind `conflict` while another one is built; ``ClientError``; `CancellationError`.
  public func buildIndex(
    threads: Int? = nil, memoryBytes: Int? = nil, progress: ProgressHandler? = nil
  ) async throws -> BuildAnswer {
    try await long("index.build", threads, memoryBytes, progress)
  }

  /// Takes the rows of removed items from the disk.
  ///
  /// - Parameters:
  ///   - threads: How many threads may work; the engine's choice unless given.
  ///   - memoryBytes: Memory that may be taken; as much as it takes unless given.
  ///   - progress: Hears how far it is, a few times a second.
  /// - Returns: What it came to.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func compact(
    threads: Int? = nil, memoryBytes: Int? = nil, progress: ProgressHandler? = nil
  ) async throws -> CompactAnswer {
    try await long("index.compact", threads, memoryBytes, progress)
  }

  /// What the engine counted since its start; never waits for other calls.
  public func statistics() async throws -> EngineStatistics {
    try await call("engine.stats", returning: EngineStatistics.self)
  }

  private func long<Result: Decodable>(
    _ method: String, _ threads: Int?, _ memory: Int?, _ progress: ProgressHandler?
  ) async throws -> Result {
    try await exchange(progress: progress) { id in
      let parameters = EffortParameters(
        threads: threads, memory_bytes: memory, progress_token: progress == nil ? nil : id)
      return try RequestLine.bytes(id: id, method: method, parameters: parameters)
    }.result(of: method)
  }
}

// The names are those of the wire.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct EffortParameters: Encodable {
  let threads: Int?
  let memory_bytes: Int?
  let progress_token: Int?
}
