import Foundation
import WireProtocol

/// One stream of requests and its answers: everything of `serve` but the descriptors.
///
/// The reader's thread calls ``receive(_:)`` with what it read; workers take what is ready from the queue; answers go to `send`. A brief request that comes
/// alone is answered by the reader's thread itself.
///
/// 1. The reader decodes a line, takes a place in the window, admits it to the scheduler (under `lock`) and puts it into the queue, or hands it to the editor.
/// 2. A worker answers it, frees its id (under `lock`), and only then hands out the answer: who reads the answer may use the id again.
///    A request that takes long is answered by a thread of its own, in the same way; an edit is answered on the editor's thread.
/// 3. It then tells the scheduler that the request is finished (under `lock`); what had been waiting for it is put into the queue, or handed to the editor.
///
/// Whoever cancels takes a request back from wherever it waits, and answers it; what has begun is told, and ends by itself. So there is always one answer.
package final class Conversation: @unchecked Sendable {
  /// Where answers go: whole lines, and the places in the window that they give back once they are written.
  package typealias Send = @Sendable (borrowing ByteBuffer, Window.Places) -> Void

  let handler: RequestHandler
  let window: Window
  let limits: Limits
  let options: Options
  let queue: WorkQueue
  private let send: Send
  private let order: AnswerOrder?
  private let ownsQueue: Bool
  /// Where its requests wait.
  let lane: Lane
  /// Hears that everything is answered after ``finish()``.
  private let onEnd: @Sendable () -> Void
  let lock = NSLock()
  // Guarded by `lock`.
  var scheduler = RequestScheduler()
  /// Requests in progress by number; control requests are not among them.
  var jobs: [Int: Job] = [:]
  var spares: [Job] = []
  /// Whether the engine was told to stop.
  var isStopping = false
  private var isFinished = false
  // Belong to the reader's thread.
  private var framer: LineFramer
  var decoder: RequestDecoder
  var encoder = AnswerEncoder()
  var ready: [Job] = []
  /// An edit that came alone and is brief, until it is known whether anything follows it.
  var held: Job?
  /// What the reader's thread keeps for requests that it answers itself.
  var desk = WorkDesk()
  /// Lines that were taken so far.
  var lines = 0
  /// When the piece that is being taken was read.
  var received = ContinuousClock.Instant.now
  /// Whether the last request was asked.
  package internal(set) var isShuttingDown = false

  /// What a caller chooses about a stream.
  package struct Options: Sendable {
    /// Whether answers leave in the order of the requests.
    package var isOrdered = false
    /// Whether requests beyond the window are refused, where otherwise reading stops.
    package var refusesOverload = false

    /// The defaults.
    package init(isOrdered: Bool = false, refusesOverload: Bool = false) {
      (self.isOrdered, self.refusesOverload) = (isOrdered, refusesOverload)
    }
  }

  /// A stream of which nothing was read yet.
  ///
  /// - Parameters:
  ///   - handler: Answers.
  ///   - window: Holds back the reader.
  ///   - limits: Bounds lines and requests.
  ///   - options: What the caller chose.
  ///   - queue: Shared with other streams; one of its own, which ends with it, unless given.
  ///   - onEnd: Hears once that nothing more will be answered, after ``finish()``.
  ///   - send: Gets whole answer lines.
  package init(
    _ handler: RequestHandler, window: Window, limits: Limits, options: Options = Options(), queue: WorkQueue? = nil,
    onEnd: @escaping @Sendable () -> Void = {}, send: @escaping Send
  ) {
    (self.handler, self.window, self.limits, self.options, self.send) = (handler, window, limits, options, send)
    (self.queue, ownsQueue, self.onEnd) = (queue ?? WorkQueue(), queue == nil, onEnd)
    order = options.isOrdered ? AnswerOrder(send) : nil
    framer = LineFramer(limit: limits.lineBytes)
    decoder = RequestDecoder(limits: limits)
    lane = Lane(window: window)
    let shared = self.queue
    lane.conversation = self
    window.onRelief = { shared.look() }
  }

  // MARK: The reader's thread

  /// Takes what was read.
  ///
  /// - Parameters:
  ///   - chunk: The next bytes of the stream.
  ///   - hasMore: Whether more could be read at once; asked only where that matters.
  package func receive(_ chunk: Span<UInt8>, hasMore: () -> Bool = { false }) {
    received = .now
    framer.feed(
      chunk, line: { line in receive(line: line) },
      tooLong: { bytes in
        let limit = limits.lineBytes
        defer { lines += 1 }
        handler.statistics.countRequest(bytes: bytes)
        refuse(
          WireError(
            .tooLarge, "a line has at most \(limit) bytes; the rest was discarded", limit: limit, got: "\(bytes) bytes"),
          id: nil, bytes: 0)
      })
    answerAtOnce(unless: hasMore)
    flush()
  }

  /// Whether nothing is in progress but what nobody waits for.
  package var isIdle: Bool { lock.withLock { scheduler.count == 0 } }

  /// Says that nothing more will be read: what was accepted is answered, then the stream ends.
  package func finish() {
    flush()
    let isDone = lock.withLock {
      isFinished = true
      return scheduler.count == 0
    }
    if isDone { end() }
  }

  /// Ends everything early: what has not begun is refused, what runs is told, and a transaction that runs is finished.
  package func cancelQueued() {
    lock.withLock { isStopping = true }
    interruptAll(.shuttingDown)
  }

  private func receive(line: Span<UInt8>) {
    guard !isShuttingDown else { return }
    defer { lines += 1 }
    let job = takeSpare()
    handler.statistics.countRequest(bytes: line.count)
    switch decoder.decode(line, into: job.vectors) {
    case .failure(let id, let error):
      lock.withLock { keep(job) }
      refuse(error, id: id, bytes: line.count)
    case .request(let request):
      job.request = request
      (job.bytes, job.place, job.received) = (line.count, lines, received)
      job.interruption.reset(deadline: request.body.deadline.map { received + .milliseconds($0) })
      accept(job)
    }
  }

  private func takeSpare() -> Job {
    if let job = lock.withLock({ spares.popLast() }) { return job }
    let job = Job()
    job.settle = { [unowned self, unowned job] in settle(job) }
    return job
  }

  /// Hands over what is ready.
  func flush() {
    if let job = held {
      held = nil
      lock.withLock { submit(job) }
    }
    guard !ready.isEmpty else { return }
    queue.put(ready, in: lane)
    ready.removeAll(keepingCapacity: true)
  }

  // MARK: Any thread

  /// Lets an answer go, when its turn has come.
  func emit(_ bytes: borrowing ByteBuffer, _ places: Window.Places, at place: Int) {
    handler.statistics.countOutput(bytes: bytes.count)
    window.answer(bytes: bytes.count)
    var places = places
    places.answerBytes = bytes.count
    if let order {
      bytes.withBytes { order.add($0, places, at: place) }
    } else {
      send(bytes, places)
    }
  }

  /// Lets the answers to several requests go, one line each.
  func emit(_ bytes: borrowing ByteBuffer, ends: [Int], of batch: [Job]) {
    handler.statistics.countOutput(bytes: bytes.count, answers: ends.count)
    window.answer(bytes: bytes.count)
    var all = Window.Places()
    var start = 0
    for (job, end) in zip(batch, ends) {
      var places = Window.Places()
      places.add(bytes: job.bytes, isControl: false)
      places.answerBytes = end - start
      if let order { bytes.withBytes { order.add($0.extracting(start..<end), places, at: job.place) } }
      all.add(places)
      start = end
    }
    if order == nil { send(bytes, all) }
  }

  /// Lets a notification go at once, whatever waits; one that finds too many unread before it is left out.
  func notify(_ bytes: borrowing ByteBuffer) {
    guard window.enterNote() else { return }
    var places = Window.Places()
    places.notes = 1
    send(bytes, places)
  }

  /// Notes that requests are answered, hands on what had been waiting for them, and keeps their memory.
  func finish(_ batch: [Job]) {
    lock.lock()
    var due: [Job] = []
    for job in batch { due += finishLocked(job) }
    unlockAndPut(due)
  }

  /// Notes that one request is answered.
  func finish(_ job: Job) {
    lock.lock()
    unlockAndPut(finishLocked(job))
  }

  private func finishLocked(_ job: Job) -> [Job] {
    jobs.removeValue(forKey: job.number)
    let due = scheduler.finish(job.number)
    keep(job)
    return due.isEmpty ? [] : handOn(due)
  }

  private func unlockAndPut(_ due: [Job]) {
    let isEnd = isFinished && scheduler.count == 0
    lock.unlock()
    queue.put(due, in: lane, first: true)
    if isEnd { end() }
  }

  /// Notes that no later edit can show in the answer of a read.
  private func settle(_ job: Job) {
    let due = lock.withLock {
      let due = scheduler.settle(job.number)
      return due.isEmpty ? [] : handOn(due)
    }
    queue.put(due, in: lane, first: true)
  }

  /// Hands due edits to the editor, under `lock` so that they keep their order, and answers what is for the queue.
  private func handOn(_ due: [RequestScheduler.Due]) -> [Job] {
    due.compactMap { due in
      guard let job = jobs[due.number] else { return nil }
      job.stage = .queued
      guard due.kind == .edit else { return job }
      submit(job)
      return nil
    }
  }

  /// Keeps a job's memory for another request, under `lock`, unless it is so large that many of its kind would bloat the process.
  func keep(_ job: Job) {
    job.clear()
    guard job.vectors.capacity <= Self.spareCapacity, spares.count < min(limits.windowRequests, 256) else { return }
    spares.append(job)
  }

  /// Numbers that a spare buffer holds at most: 1 MiB of them.
  private static let spareCapacity = 1 << 18

  private func end() {
    if ownsQueue { queue.close() }
    onEnd()
  }
}
