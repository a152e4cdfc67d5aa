import Foundation
import WireProtocol

/// What becomes of a line: on the reader's thread.
extension Conversation {
  func accept(_ job: Job) {
    let body = job.request.body
    let isControl = body.isControl
    if !isControl, !body.isBarrier, let error = AddressSpace.refusal(ofRequest: job.bytes) {
      let bytes = job.bytes
      let (named, id) = drop(job, error)
      return refuse(named, id: id, bytes: bytes)
    }
    guard enter(job, isControl) else { return }
    if isControl { return answerControl(job) }
    // Something comes after what was held back, so it is not alone.
    if held != nil { flush() }
    // Where nothing is edited, an edit is refused like a read.
    job.edit = handler.isReadOnly ? nil : handler.edit(for: body, job.vectors)
    let kind: RequestScheduler.Kind = job.edit != nil ? .edit : body.isBarrier ? .barrier : .read
    let (admission, stops) = lock.withLock { () -> (RequestScheduler.Admission, Bool) in
      let admission = scheduler.admit(job.request.id, as: kind)
      guard admission != .duplicate else { return (admission, isStopping) }
      job.number = admission.number
      jobs[job.number] = job
      job.stage = .queued
      if case .wait = admission { job.stage = .waiting }
      // Under the same lock, so that edits reach the editor in their order.
      if case .run = admission, job.edit != nil {
        if job.isBriefEdit, scheduler.count == 1 { held = job } else { submit(job) }
      }
      return (admission, isStopping)
    }
    // An edit may be answered by now, and its job belong to another request.
    switch admission {
    case .duplicate: return answerDuplicate(job, isControl: false)
    case .wait: break
    case .run: if kind != .edit { ready.append(job) }
    }
    if stops { interruptAll(.shuttingDown) }
    if case .shutdown = body { isShuttingDown = true }
  }

  /// Takes a place in the window; where there is none the request waits, or is refused.
  private func enter(_ job: Job, _ isControl: Bool) -> Bool {
    if window.tryEnter(bytes: job.bytes, isControl: isControl) { return true }
    // Before waiting, hand over what can make room.
    flush()
    guard options.refusesOverload else { return window.enter(bytes: job.bytes, isControl: isControl) }
    let (error, id) = drop(job, window.overload)
    refuseBeyondWindow(error, id: id)
    return false
  }

  /// Lets go of a request that is refused before it was admitted.
  ///
  /// - Returns: The error, and the id that it answers: nil where another request of that id is in progress, whose answer is still to come; the error names
  ///   it then.
  private func drop(_ job: Job, _ error: WireError) -> (error: WireError, id: RequestID?) {
    let id = job.request.id
    let isTaken = lock.withLock {
      keep(job)
      return scheduler.number(of: id) != nil
    }
    guard isTaken else { return (error, id) }
    var named = error
    named.id = id
    return (named, nil)
  }

  /// Gives an edit to the editor, under `lock`.
  func submit(_ job: Job) {
    guard let edit = job.edit else { return }
    let number = handler.editor.submit(edit, deadline: job.interruption.deadline) { [self] in answer($0, to: job) }
    job.stage = .editing(number)
  }

  /// Answers an edit, on whatever thread it was done.
  func answer(_ outcome: Editor.Outcome, to job: Job) {
    var encoder = AnswerEncoder()
    handler.answer(outcome, to: job.request, into: &encoder)
    hand(out: job, &encoder)
  }

  private func answerControl(_ job: Job) {
    let isDuplicate = lock.withLock { scheduler.number(of: job.request.id) != nil }
    guard !isDuplicate else { return answerDuplicate(job, isControl: true) }
    encoder.removeAll()
    if case .cancel(let request) = job.request.body {
      let outcome = cancel(request)
      encoder.cancelled(job.request.id, outcome.cancelled, notInProgress: outcome.others)
    } else {
      handler.answer(job.request, job.vectors, .init(received: job.received), into: &encoder)
    }
    handler.statistics.count(job.request, received: job.received)
    var places = Window.Places()
    places.add(bytes: job.bytes, isControl: true)
    emit(encoder.buffer, places, at: job.place)
    lock.withLock { keep(job) }
  }

  private func answerDuplicate(_ job: Job, isControl: Bool) {
    var error = WireError(
      .invalidRequest, "a request with this id is still in progress; every id in progress must be unique",
      pointer: "/id")
    error.id = job.request.id
    encoder.removeAll()
    encoder.error(error, id: nil)
    handler.statistics.countError(error.kind)
    var places = Window.Places()
    places.add(bytes: job.bytes, isControl: isControl)
    emit(encoder.buffer, places, at: job.place)
    lock.withLock { keep(job) }
  }

  /// Answers a line that is no request.
  func refuse(_ error: WireError, id: RequestID?, bytes: Int) {
    flush()
    if options.refusesOverload { return refuseBeyondWindow(error, id: id) }
    guard window.enter(bytes: bytes, isControl: false) else { return }
    var places = Window.Places()
    places.add(bytes: bytes, isControl: false)
    refuse(error, id: id, places)
  }

  /// Answers a line that takes no place in the window.
  private func refuseBeyondWindow(_ error: WireError, id: RequestID?) {
    guard window.enterRefusal() else { return }
    var places = Window.Places()
    places.refusals = 1
    refuse(error, id: id, places)
  }

  private func refuse(_ error: WireError, id: RequestID?, _ places: Window.Places) {
    encoder.removeAll()
    encoder.error(error, id: id)
    handler.statistics.countError(error.kind)
    emit(encoder.buffer, places, at: lines)
  }
}

extension RequestScheduler.Admission {
  /// The number of what was admitted.
  fileprivate var number: Int {
    switch self {
    case .run(let number), .wait(let number): number
    case .duplicate: -1
    }
  }
}
