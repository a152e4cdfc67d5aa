import Synchronization

/// What goes in and out of the ledger, and who is told.
extension KagamiClient {
  /// Sends one request and waits for its answer.
  ///
  /// - Parameters:
  ///   - urgent: Whether it goes out beyond the window.
  ///   - line: Makes the request with the id it is given.
  /// - Returns: The answer, refusals included.
  /// - Throws: ``ClientError``, `CancellationError`, or what `line` throws.
  func exchange(urgent: Bool = false, line: (Int) throws -> [UInt8]) async throws -> Answer {
    try Task.checkCancellation()
    let id = takeIDs(1).lowerBound
    let (answers, mailbox) = AsyncThrowingStream<[Answer], any Error>.makeStream()
    try submit(id, line: line(id), to: mailbox, urgent: urgent)
    for try await answer in answers {
      if let answer = answer.first { return answer }
    }
    // Only a cancelled task sees the end of a stream that nobody finished.
    abandon(id..<id + 1)
    throw CancellationError()
  }

  /// Ids that no other call has.
  func takeIDs(_ count: Int) -> Range<Int> {
    state.withLock { $0.ledger.takeIDs(count) }
  }

  /// Sends a request whose answer is to arrive in a mailbox.
  ///
  /// - Throws: ``ClientError/closed``, or the reason for which nothing will be answered.
  func submit(_ id: Int, line: [UInt8], to mailbox: Mailbox, urgent: Bool = false) throws(ClientError) {
    let refusal = state.withLock { state in
      let refusal = state.refusal()
      if refusal == nil { state.ledger.submit(id, line: line, to: mailbox, urgent: urgent) }
      return refusal
    }
    if let refusal { throw refusal }
    doorbell.continuation.yield()
  }

  /// Gives up on calls; those that were answered are ignored.
  func abandon(_ ids: Range<Int>) {
    state.withLock { state in
      for id in ids { state.ledger.abandon(id) }
    }
    doorbell.continuation.yield()
  }

  /// Brings answer lines to those who wait for them, the neighbouring ones of one mailbox together.
  func deliver(_ lines: [[UInt8]]) {
    let answers = lines.map { (id: AnswerReader.id(of: $0), line: $0) }
    var mail: [(mailbox: Mailbox, answers: [Answer])] = []
    state.withLock { state in
      for (id, line) in answers {
        guard let id, case let claim = state.ledger.claim(id), !claim.isUnknown else {
          state.offerUnclaimed(line)
          continue
        }
        guard case .belongs(let mailbox) = claim else { continue }
        if mail.last?.mailbox != mailbox { mail.append((mailbox, [])) }
        mail[mail.count - 1].answers.append(Answer(id: id, line: line))
      }
    }
    // Answers make room in the window, so there may be lines to write.
    doorbell.continuation.yield()
    for (mailbox, answers) in mail { mailbox.yield(answers) }
  }

  /// Fails everybody who waits, now and later.
  func finish(_ end: ClientError) {
    let mailboxes = state.withLock { state in
      state.end = end
      let mailboxes = state.ledger.close()
      if !mailboxes.isEmpty { state.endWasReported = true }
      for waiter in state.lineWaiters { waiter.finish(throwing: end) }
      state.lineWaiters = []
      state.tellExitWaiters(of: end)
      return mailboxes
    }
    for mailbox in mailboxes { mailbox.finish(throwing: end) }
  }
}

extension KagamiClient.State {
  /// Why nothing may be sent, if so; the caller passes it on.
  mutating func refusal() -> ClientError? {
    if let end {
      endWasReported = true
      return end
    }
    return isClosed ? .closed : nil
  }

  /// Hands a line that belongs to no call to the first who waits for one, or keeps it.
  mutating func offerUnclaimed(_ line: [UInt8]) {
    while !lineWaiters.isEmpty {
      // Whoever was cancelled meanwhile does not take it.
      if case .enqueued = lineWaiters.removeFirst().yield(line) { return }
    }
    if unclaimedLines.count == KagamiClient.unclaimedLimit { unclaimedLines.removeFirst() }
    unclaimedLines.append(line)
  }

  /// Tells those who wait for the engine's end.
  mutating func tellExitWaiters(of end: ClientError) {
    guard !exitWaiters.isEmpty else { return }
    endWasReported = true
    for waiter in exitWaiters {
      if case .engineExited(let exit) = end {
        waiter.yield(exit)
      } else {
        waiter.finish(throwing: end)
      }
    }
    exitWaiters = []
  }
}
