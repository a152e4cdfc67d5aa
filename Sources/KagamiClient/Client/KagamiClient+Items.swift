/// Items: stored, removed, read.
extension KagamiClient {
  /// Stores items, in place of those with the same keys.
  ///
  /// It is durable and found by searches when this returns.
  ///
  /// - Parameters:
  ///   - items: Up to 4,096 items.
  ///   - vectors: All their vectors, where the items have none of their own; least to send.
  ///   - options: How they are stored.
  /// - Returns: What that came to; items that could not be stored are in ``UpsertAnswer/failures``.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func upsert(
    _ items: [NewItem], vectors: PackedVectors? = nil, options: UpsertOptions = UpsertOptions()
  ) async throws -> UpsertAnswer {
    let parameters = UpsertParameters(
      items: items, vectors: vectors, atomic: options.atomic, strict: options.strict, op_id: options.operation)
    return try await call("items.upsert", parameters, returning: UpsertAnswer.self)
  }

  /// Removes items by key.
  public func remove(_ keys: [String], operation: String? = nil) async throws -> RemovalAnswer {
    try await call("items.remove", RemoveParameters(keys: keys, op_id: operation), returning: RemovalAnswer.self)
  }

  /// Removes items that meet a filter.
  ///
  /// - Parameters:
  ///   - filter: Which: `{must, should, must_not}`.
  ///   - isConfirmed: Whether it may be all of them.
  ///   - operation: A name for the edit, so that sending it twice does it once.
  /// - Returns: The receipt.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func remove(
    meeting filter: JSONValue, isConfirmed: Bool = false, operation: String? = nil
  ) async throws -> RemovalAnswer {
    let parameters = RemoveParameters(filter: filter, confirm: isConfirmed ? true : nil, op_id: operation)
    return try await call("items.remove", parameters, returning: RemovalAnswer.self)
  }

  /// How many items there are, or meet a filter.
  public func count(_ filter: JSONValue? = nil) async throws -> Int {
    try await call("items.count", FilterParameters(filter: filter), returning: CountAnswer.self).count
  }

  /// A page of all items, or of those that meet a filter.
  ///
  /// - Parameters:
  ///   - filter: Which; all unless given.
  ///   - limit: How many at most; 1,000 unless given.
  ///   - cursor: Where the page before ended.
  ///   - withVectors: Whether the items show their stored vectors.
  /// - Returns: The page.
  /// - Throws: ``EngineError``, of kind `stale` after a compaction; ``ClientError``; `CancellationError`.
  public func scroll(
    _ filter: JSONValue? = nil, limit: Int? = nil, after cursor: String? = nil, withVectors: Bool = false
  ) async throws -> ItemsPage {
    let parameters = ScrollParameters(
      filter: filter, limit: limit, cursor: cursor, with_vectors: withVectors ? "f32le" : nil)
    return try await call("items.scroll", parameters, returning: ItemsPage.self)
  }
}

// The names are those of the wire.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct UpsertParameters: Encodable {
  let items: [NewItem]
  let vectors: PackedVectors?
  let atomic: Bool?
  let strict: Bool?
  let op_id: String?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct RemoveParameters: Encodable {
  var keys: [String]?
  var filter: JSONValue?
  var confirm: Bool?
  var op_id: String?
}

private struct FilterParameters: Encodable {
  let filter: JSONValue?
}

private struct CountAnswer: Decodable {
  let count: Int
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct ScrollParameters: Encodable {
  let filter: JSONValue?
  let limit: Int?
  let cursor: String?
  let with_vectors: String?
}
