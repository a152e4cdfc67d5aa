import Foundation
import WireProtocol

/// Answering: on the workers' threads, and those of requests that take long.
extension Conversation {
  /// Answers requests until no more come, as one of the workers of its own queue.
  package func work() { queue.work() }

  /// Answers one request, or several searches that ask the same.
  func work(on batch: [Job], _ desk: inout WorkDesk) {
    if batch.count > 1, answerTogether(batch, &desk) { return }
    for job in batch {
      if job.request.body.takesLong {
        workApart(on: job)
      } else {
        let isAlone = handler.statistics.begin() == 1
        answer(job, &desk.encoder, isAlone: isAlone)
        handler.statistics.end()
      }
    }
  }

  private func workApart(on job: Job) {
    let thread = Thread { [self] in
      var encoder = AnswerEncoder()
      _ = handler.statistics.begin()
      answer(job, &encoder, isAlone: true)
      handler.statistics.end()
    }
    thread.name = "long request"
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func answer(_ job: Job, _ encoder: inout AnswerEncoder, isAlone: Bool) {
    if let reason = job.interruption.reason { return refuse(job, reason.error(hasBegun: false), &encoder) }
    if job.interruption.isLate { return refuse(job, .lateStart, &encoder) }
    encoder.removeAll()
    let circumstances = RequestHandler.Circumstances(
      received: job.received, isAlone: isAlone, interruption: job.interruption, settle: job.settle,
      progress: progress(of: job))
    handler.answer(job.request, job.vectors, circumstances, into: &encoder)
    hand(out: job, &encoder)
  }

  /// Answers several searches in one call of the index, and in one write.
  ///
  /// - Returns: False where they had better be answered one by one: nothing was done then.
  private func answerTogether(_ batch: [Job], _ desk: inout WorkDesk) -> Bool {
    guard !batch.contains(where: { $0.interruption.isRaised }) else { return false }
    _ = handler.statistics.begin()
    defer { handler.statistics.end() }
    desk.encoder.removeAll()
    desk.ends.removeAll(keepingCapacity: true)
    guard handler.searchTogether(batch, &desk) else { return false }
    let now = ContinuousClock.now
    for job in batch {
      handler.statistics.count(job.request, received: job.received, plan: desk.encoder.plan, now: now)
    }
    lock.withLock { for job in batch { release(job) } }
    emit(desk.encoder.buffer, ends: desk.ends, of: batch)
    finish(batch)
    return true
  }

  /// Answers a request with an error.
  func refuse(_ job: Job, _ error: WireError, _ encoder: inout AnswerEncoder) {
    encoder.removeAll()
    handler.refuse(job.request, error, into: &encoder)
    hand(out: job, &encoder)
  }

  /// Lets an answer go, and everything that had been waiting for it.
  func hand(out job: Job, _ encoder: inout AnswerEncoder) {
    handler.statistics.count(job.request, received: job.received, plan: encoder.plan)
    lock.withLock { release(job) }
    var places = Window.Places()
    places.add(bytes: job.bytes, isControl: false)
    emit(encoder.buffer, places, at: job.place)
    finish(job)
  }

  /// Lets the id of a request be used again, under `lock`: its answer is about to go, and nobody can cancel it any more.
  private func release(_ job: Job) {
    job.isAnswered = true
    scheduler.release(job.request.id)
  }

  /// Tells the caller how far a request is, where it wants to know.
  private func progress(of job: Job) -> (@Sendable (String, Int, Int) -> Void)? {
    let token: RequestID? =
      switch job.request.body {
      case .indexBuild(let request), .indexCompact(let request): request.progressToken
      default: nil
      }
    guard let token else { return nil }
    let reporter = ProgressReporter(token) { [self] in notify($0) }
    return { reporter.report($0, $1, $2) }
  }
}
