import VectorIndex
import WireProtocol

extension RequestHandler {
  /// What a request meets with: when it came, who else wants the processors, and whether it is still wanted.
  struct Circumstances {
    /// When it was read.
    var received: ContinuousClock.Instant
    /// Whether it has the processors to itself.
    var isAlone = true
    /// Whether it is still wanted; nil where nobody could say otherwise.
    var interruption: Interruption?
    /// Whether several requests that are answered together are all not wanted any more; nil for a single one.
    var givesUp: (@Sendable () -> Bool)?
    /// Is called once no later edit of its stream can show in its answer.
    var settle: @Sendable () -> Void = {}
    /// Is told how far a request is that takes long; nil where nobody wants to know.
    var progress: (@Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void)?

    /// Ends a request that is not wanted any more.
    ///
    /// - Throws: `cancelled` or `shutting_down`.
    func checkWanted() throws(WireError) {
      if let reason = interruption?.reason { throw reason.error(hasBegun: true) }
    }

    /// Whether the time is over.
    var isLate: Bool { interruption?.isLate ?? false }

    /// How many vectors are searched between two looks at the clock: few at first, so that a short time suffices for some.
    ///
    /// - Parameter size: How many at a time without a deadline.
    /// - Returns: How many at first, and how many later.
    func blockSizes(of size: Int = .max) -> ClosedRange<Int> {
      interruption?.deadline == nil ? size...size : min(size, 8)...min(size, 64)
    }

    /// Searches block after block for as long as there is time.
    ///
    /// - Parameters:
    ///   - blocks: All vectors, prepared.
    ///   - search: Searches for some.
    /// - Returns: One answer for each vector that there was time for; at least one block of them.
    /// - Throws: `cancelled`, `shutting_down`, or `deadline_exceeded` where there was time for none.
    func gather<Answer>(
      _ blocks: [PreparedQueries], _ search: (PreparedQueries) throws -> [Answer]
    ) throws -> [Answer] {
      var answers: [Answer] = []
      for queries in blocks {
        let found = try search(queries)
        try checkWanted()
        // What was going on when the time was over is of no use.
        if isLate { break }
        if blocks.count == 1 { return found }
        answers += found
      }
      guard !answers.isEmpty else { throw WireError.noTime }
      return answers
    }
  }
}

extension WireError {
  /// A search that was not done with its first vectors in time.
  static let noTime = WireError(
    .deadlineExceeded, "the deadline passed before anything was found", pointer: "/params/deadline_ms")
}
