/// The calls that Kagami exists for, one request each.
extension KagamiClient {
  /// Finds the nearest items to some vectors.
  ///
  /// - Parameters:
  ///   - vectors: Whole vectors, one after another; sent as base64 of 32-bit floats.
  ///   - dimension: How many numbers a vector has.
  ///   - options: How many hits, and which.
  /// - Returns: One result for every vector, in their order.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func search(
    vectors: [Float], dimension: Int, options: SearchOptions = SearchOptions()
  ) async throws -> SearchAnswer {
    try await ask("search", vectors: vectors, dimension: dimension, options: options)
  }

  /// Finds the nearest items to some vectors that are packed already, such as those of half precision.
  public func search(_ vectors: PackedVectors, options: SearchOptions = SearchOptions()) async throws -> SearchAnswer {
    try await ask("search", VectorParameters(vectors: vectors, options: options))
  }

  /// Finds everything at or above a score to some vectors that are packed already.
  public func match(_ vectors: PackedVectors, options: MatchOptions) async throws -> SearchAnswer {
    try await ask("match", VectorParameters(vectors: vectors, options: options))
  }

  /// Finds the nearest items to a stored one, which is left out.
  public func search(key: String, options: SearchOptions = SearchOptions()) async throws -> SearchAnswer {
    try await ask("search", key: key, options: options)
  }

  /// Finds everything at or above a score.
  ///
  /// - Parameters:
  ///   - vectors: Whole vectors, one after another; sent as base64 of 32-bit floats.
  ///   - dimension: How many numbers a vector has.
  ///   - options: The score, and which items count.
  /// - Returns: One result for every vector, in their order. Ask again with ``SearchAnswer/cursor`` while
  ///   ``SearchAnswer/complete`` is false.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func match(vectors: [Float], dimension: Int, options: MatchOptions) async throws -> SearchAnswer {
    try await ask("match", vectors: vectors, dimension: dimension, options: options)
  }

  /// Finds everything at or above a score to a stored item, which is left out.
  public func match(key: String, options: MatchOptions) async throws -> SearchAnswer {
    try await ask("match", key: key, options: options)
  }

  private func ask(
    _ method: String, vectors: [Float], dimension: Int, options: some Encodable
  ) async throws -> SearchAnswer {
    try requireWholeRows(vectors, dimension: dimension)
    let template = try VectorRequestTemplate(method: method, dimension: dimension, options: options)
    return try await exchange { template.line(id: $0, vectors: vectors[...]) }.searchAnswer(of: method)
  }

  private func ask(_ method: String, key: String, options: some Encodable) async throws -> SearchAnswer {
    try await ask(method, KeyParameters(key: key, options: options))
  }

  private func ask(_ method: String, _ parameters: some Encodable) async throws -> SearchAnswer {
    try await exchange { try RequestLine.bytes(id: $0, method: method, parameters: parameters) }
      .searchAnswer(of: method)
  }

  /// Throws unless the numbers fill whole vectors.
  func requireWholeRows(_ vectors: [Float], dimension: Int) throws(ClientError) {
    guard dimension > 0, vectors.count.isMultiple(of: dimension) else {
      throw .raggedVectors(count: vectors.count, dimension: dimension)
    }
  }
}

/// Options, with the key of the item to compare beside them.
private struct KeyParameters<Options: Encodable>: Encodable {
  let key: String
  let options: Options

  func encode(to encoder: any Encoder) throws {
    try options.encode(to: encoder)
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(key, forKey: "key")
  }
}

/// Options, with vectors beside them.
private struct VectorParameters<Options: Encodable>: Encodable {
  let vectors: PackedVectors
  let options: Options

  func encode(to encoder: any Encoder) throws {
    try options.encode(to: encoder)
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(vectors, forKey: "vectors")
  }
}
