/// Many searches at once, for scans and measurements.
extension KagamiClient {
  /// Finds the nearest items to many vectors, with many requests on their way at a time.
  ///
  /// - Parameters:
  ///   - vectors: Whole vectors, one after another.
  ///   - dimension: How many numbers a vector has.
  ///   - options: How many hits, and which.
  ///   - vectorsPerRequest: How many vectors travel in one request; the engine searches them together.
  ///   - inFlight: The most requests without an answer; the client's window unless given.
  /// - Returns: One result for every vector, in their order.
  /// - Throws: The first ``EngineError``; ``ClientError``; `CancellationError`. Requests on their way are given up.
  /// - Complexity: Sends *n* / `vectorsPerRequest` requests for *n* vectors.
  /// - Allocates: One line for each request and answer, and the results.
  /// - Concurrency: Other calls may go on beside it; they share the window.
  public func searchAll(
    vectors: [Float], dimension: Int, options: SearchOptions = SearchOptions(), vectorsPerRequest: Int = 1,
    inFlight: Int? = nil
  ) async throws -> [SearchResult] {
    try requireWholeRows(vectors, dimension: dimension)
    try Task.checkCancellation()
    let template = try VectorRequestTemplate(method: "search", dimension: dimension, options: options)
    var plan = RequestPlan(rows: vectors.count / dimension, rowsPerRequest: vectorsPerRequest)
    var results = [SearchResult](repeating: SearchResult(), count: plan.rows)
    let (answers, mailbox) = AsyncThrowingStream<[Answer], any Error>.makeStream()
    let ids = takeIDs(plan.requests)
    // After success nothing is left to give up.
    defer { giveUp(ids.lowerBound..<ids.lowerBound + plan.sent) }

    func topUp(to limit: Int) throws {
      var requests: [(id: Int, line: [UInt8])] = []
      while plan.sent < plan.requests, plan.sent - plan.answered < limit {
        let rows = plan.rows(of: plan.sent)
        let id = ids.lowerBound + plan.sent
        let numbers = vectors[rows.lowerBound * dimension..<rows.upperBound * dimension]
        requests.append((id, template.line(id: id, vectors: numbers)))
        plan.sent += 1
      }
      if !requests.isEmpty { try submit(requests, to: mailbox) }
    }

    let limit = max(1, inFlight ?? window.requests)
    try topUp(to: limit)
    guard plan.requests > 0 else { return [] }
    for try await batch in answers {
      for answer in batch {
        let rows = plan.rows(of: answer.id - ids.lowerBound)
        results.replaceSubrange(rows, with: try answer.results(of: "search", count: rows.count))
        plan.answered += 1
      }
      guard plan.answered < plan.requests else { return results }
      try topUp(to: limit)
    }
    throw CancellationError()
  }
}

/// Which rows travel in which request, and how far things have come.
private struct RequestPlan {
  let rows: Int
  let rowsPerRequest: Int
  var sent = 0
  var answered = 0

  init(rows: Int, rowsPerRequest: Int) {
    self.rows = rows
    self.rowsPerRequest = max(1, rowsPerRequest)
  }

  var requests: Int { rows / rowsPerRequest + (rows.isMultiple(of: rowsPerRequest) ? 0 : 1) }

  func rows(of request: Int) -> Range<Int> {
    request * rowsPerRequest..<min(rows, (request + 1) * rowsPerRequest)
  }
}
