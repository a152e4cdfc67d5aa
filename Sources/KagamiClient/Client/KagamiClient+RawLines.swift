import Synchronization

/// Lines as they are, for tests of bad input and for other protocols' habits.
extension KagamiClient {
  /// Sends bytes as one line, whatever they are.
  ///
  /// Answers to it come through ``nextUnclaimedLine()``. The line does not count in the window. Calls number themselves
  /// 1, 2, 3 …: a raw request should have an id of another kind, such as a text, when calls are made beside it.
  ///
  /// - Parameter line: The bytes; a newline is added.
  /// - Throws: ``ClientError`` when the client is closed or the engine has ended.
  public func send(line: some Sequence<UInt8>) throws(ClientError) {
    try send(bytes: Array(line) + [UInt8(ascii: "\n")])
  }

  /// Sends bytes without a newline: a piece of a line, or several lines.
  ///
  /// - Parameter bytes: What the engine is to read next.
  /// - Throws: ``ClientError`` when the client is closed or the engine has ended.
  public func send(bytes: [UInt8]) throws(ClientError) {
    let refusal = state.withLock { state in
      let refusal = state.refusal()
      if refusal == nil { state.ledger.submit(raw: bytes) }
      return refusal
    }
    if let refusal { throw refusal }
    doorbell.continuation.yield()
  }

  /// The next line that belongs to no call: an answer to a raw line, or one whose `id` is null.
  ///
  /// Lines that nobody asks for are kept, the newest 1,024 of them.
  ///
  /// - Returns: The line without its newline.
  /// - Throws: ``ClientError`` when the engine ended without another line; `CancellationError`.
  public func nextUnclaimedLine() async throws -> [UInt8] {
    let (lines, waiter) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
    state.withLock { state in
      if !state.unclaimedLines.isEmpty {
        waiter.yield(state.unclaimedLines.removeFirst())
      } else if let end = state.end {
        state.endWasReported = true
        waiter.finish(throwing: end)
      } else {
        state.lineWaiters.append(waiter)
      }
    }
    for try await line in lines { return line }
    throw CancellationError()
  }
}
