import Synchronization

/// What goes in and out of the ledger, and who is told.
extension KagamiClient {
  /// Where the answer to a call goes.
  enum Receiver: Sendable {
    /// One caller, who waits for this answer alone.
    case caller(CheckedContinuation<Answer, any Error>)
    /// A caller of many, whose answers come together.
    case mailbox(Mailbox)
    /// The client itself, which wants to know whether calls can be cancelled.
    case greeting

    /// Tells whoever waits that nothing will come.
    func fail(_ error: any Error) {
      switch self {
      case .caller(let caller): caller.resume(throwing: error)
      case .mailbox(let mailbox): mailbox.finish(throwing: error)
      case .greeting: break
      }
    }
  }

  /// Sends one request and waits for its answer.
  ///
  /// - Parameters:
  ///   - urgent: Whether it goes out beyond the window.
  ///   - progress: Hears how far it is, if the line asks for that with the id as its token.
  ///   - line: Makes the request with the id it is given.
  /// - Returns: The answer, refusals included.
  /// - Throws: ``ClientError``, `CancellationError`, or what `line` throws.
  func exchange(
    urgent: Bool = false, progress: ProgressHandler? = nil, line: (Int) throws -> [UInt8]
  ) async throws -> Answer {
    try Task.checkCancellation()
    let id = takeIDs(1).lowerBound
    let line = try line(id)
    defer { if progress != nil { state.withLock { $0.progressHandlers[id] = nil } } }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { caller in
        let refusal = state.withLock { state -> (any Error)? in
          if let refusal = state.refusal() { return refusal }
          // Whoever cancels later finds the call in the ledger.
          guard !Task.isCancelled else { return CancellationError() }
          state.progressHandlers[id] = progress
          state.ledger.submit(id, line: line, to: .caller(caller), urgent: urgent)
          return nil
        }
        if let refusal { caller.resume(throwing: refusal) } else { doorbell.continuation.yield() }
      }
    } onCancel: {
      giveUp(id..<id + 1)
    }
  }

  /// Ids that no other call has.
  func takeIDs(_ count: Int) -> Range<Int> {
    state.withLock { $0.ledger.takeIDs(count) }
  }

  /// Sends requests whose answers are to arrive in a mailbox, as one step.
  ///
  /// - Throws: ``ClientError/closed``, or the reason for which nothing will be answered.
  func submit(_ requests: [(id: Int, line: [UInt8])], to mailbox: Mailbox) throws(ClientError) {
    let refusal = state.withLock { state in
      let refusal = state.refusal()
      if refusal == nil {
        for (id, line) in requests { state.ledger.submit(id, line: line, to: .mailbox(mailbox)) }
      }
      return refusal
    }
    if let refusal { throw refusal }
    doorbell.continuation.yield()
  }

  /// Brings answer lines to those who wait for them, the neighbouring ones of one mailbox together.
  func deliver(_ lines: [[UInt8]]) {
    let answers = lines.map { (id: AnswerReader.id(of: $0), line: $0) }
    var claimed: [(receiver: Receiver, answer: Answer)] = []
    claimed.reserveCapacity(answers.count)
    var others: [[UInt8]] = []
    state.withLock { state in
      for (id, line) in answers {
        guard let id, case let claim = state.ledger.claim(id), !claim.isUnknown else {
          others.append(line)
          continue
        }
        if case .belongs(let receiver) = claim { claimed.append((receiver, Answer(id: id, line: line))) }
      }
    }
    // Answers make room in the window, so there may be lines to write.
    doorbell.continuation.yield()
    hand(out: claimed)
    for line in others { take(unclaimed: line) }
  }

  private func hand(out claimed: [(receiver: Receiver, answer: Answer)]) {
    var mail: (mailbox: Mailbox, answers: [Answer])?
    for (receiver, answer) in claimed {
      switch receiver {
      case .caller(let caller): caller.resume(returning: answer)
      case .greeting: learn(from: answer)
      case .mailbox(let mailbox):
        if let waiting = mail, waiting.mailbox != mailbox {
          waiting.mailbox.yield(waiting.answers)
          mail = nil
        }
        mail = mail ?? (mailbox, [])
        mail?.answers.append(answer)
      }
    }
    if let mail { mail.mailbox.yield(mail.answers) }
  }

  /// Takes a line that belongs to no call: a notification of progress, or something for those who read raw lines.
  private func take(unclaimed line: [UInt8]) {
    if let progress = Progress(notification: line) {
      let handler = progress.call.flatMap { call in state.withLock { $0.progressHandlers[call] } }
      handler?(progress)
      return
    }
    state.withLock { $0.offerUnclaimed(line) }
  }

  /// Fails everybody who waits, now and later.
  func finish(_ end: ClientError) {
    let receivers = state.withLock { state in
      state.end = end
      let receivers = state.ledger.close()
      if !receivers.isEmpty { state.endWasReported = true }
      for waiter in state.lineWaiters { waiter.finish(throwing: end) }
      state.lineWaiters = []
      state.tellExitWaiters(of: end)
      return receivers
    }
    for receiver in receivers { receiver.fail(end) }
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
