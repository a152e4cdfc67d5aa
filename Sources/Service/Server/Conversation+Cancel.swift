import Foundation
import WireProtocol

/// Requests that nobody wants any more.
extension Conversation {
  /// Cancels requests by id, or all of them: on the reader's thread.
  ///
  /// - Returns: How many were in progress, and which named ones were not.
  func cancel(_ request: CancelRequest) -> (cancelled: Int, others: [RequestID]) {
    flush()
    if request.isForAll { return (interruptAll(.cancelled), []) }
    var others: [RequestID] = []
    let numbers = lock.withLock {
      request.ids.compactMap { id in
        let number = scheduler.number(of: id)
        if number == nil { others.append(id) }
        return number
      }
    }
    return (interrupt(numbers, .cancelled), others)
  }

  /// Tells everything in progress to end.
  ///
  /// - Returns: How many requests those were.
  @discardableResult
  func interruptAll(_ reason: Interruption.Reason) -> Int {
    interrupt(lock.withLock { jobs.keys.sorted() }, reason)
  }

  /// Tells everything to end that changes nothing, for nobody reads its answer any more.
  ///
  /// Edits that were accepted are done.
  func dropReads() {
    interrupt(lock.withLock { jobs.filter { $0.value.edit == nil }.keys.sorted() }, .shuttingDown)
  }

  /// Tells requests to end; those that have not begun are answered here.
  @discardableResult
  private func interrupt(_ numbers: [Int], _ reason: Interruption.Reason) -> Int {
    var found = 0
    let withdrawn = lock.withLock {
      numbers.compactMap { number -> Job? in
        // Answered meanwhile, or named twice.
        guard let job = jobs[number], !job.isAnswered, !job.interruption.isRaised else { return nil }
        found += 1
        job.interruption.raise(reason)
        return withdraw(job) ? job : nil
      }
    }
    guard !withdrawn.isEmpty else { return found }
    var encoder = AnswerEncoder()
    for job in withdrawn { refuse(job, reason.error(hasBegun: false), &encoder) }
    return found
  }

  /// Takes back what has not begun, from wherever it waits; under `lock`.
  private func withdraw(_ job: Job) -> Bool {
    switch job.stage {
    case .waiting: scheduler.withdraw(job.number)
    case .queued: queue.remove(job, from: lane)
    case .editing(let number): handler.editor.withdraw(number)
    }
  }
}
