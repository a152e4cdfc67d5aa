import Foundation
import WireProtocol

/// One stream of requests and its answers: everything of `serve` but the descriptors.
///
/// The reader's thread calls ``receive(_:)`` with what it read; workers call ``work()``; answers go to `send`.
///
/// 1. The reader decodes a line, takes a place in the window, admits it to the scheduler (under `lock`) and puts it into the queue.
/// 2. A worker answers it, frees its id (under `lock`), and only then hands out the answer: who reads the answer may use the id again.
///    A request that takes long is answered by a thread of its own, in the same way; an edit goes to the editor instead of the queue, which
///    keeps the order of edits and answers on its own thread.
/// 3. It then tells the scheduler that the request is finished; barriers that become due are answered by the same worker, so after all they waited for.
package final class Conversation: @unchecked Sendable {
  /// Where answers go: whole lines, and the places in the window that they give back once they are written.
  package typealias Send = @Sendable (borrowing ByteBuffer, Window.Places) -> Void

  private let handler: RequestHandler
  private let window: Window
  private let send: Send
  private let queue = JobQueue()
  private let limits: Limits
  /// Numbers that a spare buffer holds at most: 1 MiB of them.
  private static let spareCapacity = 1 << 18
  private let lock = NSLock()
  // Guarded by `lock`.
  private var scheduler = RequestScheduler()
  private var spareBuffers: [VectorBuffer] = []
  private var isCancelled = false
  /// Requests that take long have threads of their own, so that workers go on searching.
  private let longJobs = DispatchGroup()
  /// Reads and barriers that wait, by number.
  private var waiting: [Int: Job] = [:]
  // Belong to the reader's thread.
  private var framer: LineFramer
  private var decoder: RequestDecoder
  private var encoder = AnswerEncoder()
  private var ready: [Job] = []
  /// Whether the last request was asked.
  package private(set) var isShuttingDown = false

  /// A stream of which nothing was read yet.
  ///
  /// - Parameters:
  ///   - handler: Answers.
  ///   - window: Holds back the reader.
  ///   - limits: Bounds lines and requests.
  ///   - send: Gets whole answer lines.
  package init(_ handler: RequestHandler, window: Window, limits: Limits, send: @escaping Send) {
    self.handler = handler
    self.window = window
    self.limits = limits
    self.send = send
    framer = LineFramer(limit: limits.lineBytes)
    decoder = RequestDecoder(limits: limits)
  }

  // MARK: The reader's thread

  /// Takes what was read.
  package func receive(_ chunk: Span<UInt8>) {
    framer.feed(
      chunk, line: { line in receive(line: line) },
      tooLong: { bytes in
        let limit = limits.lineBytes
        handler.statistics.countRequest(bytes: bytes)
        refuse(
          WireError(
            .tooLarge, "a line has at most \(limit) bytes; the rest was discarded", limit: limit, got: "\(bytes) bytes"),
          id: nil, bytes: 0)
      })
    flush()
  }

  /// Says that nothing more will be read: workers finish what was accepted and return.
  package func finish() {
    flush()
    // Reads that wait for an edit get into the queue when that is done.
    handler.editor.drain()
    queue.close()
  }

  /// Says that whatever has not begun shall be answered as cancelled.
  package func cancelQueued() {
    lock.withLock { isCancelled = true }
  }

  private func receive(line: Span<UInt8>) {
    guard !isShuttingDown else { return }
    let vectors = lock.withLock { spareBuffers.popLast() } ?? VectorBuffer()
    handler.statistics.countRequest(bytes: line.count)
    switch decoder.decode(line, into: vectors) {
    case .failure(let id, let error):
      keep(vectors)
      refuse(error, id: id, bytes: line.count)
    case .request(let request): accept(request, vectors, bytes: line.count)
    }
  }

  private func accept(_ request: Request, _ vectors: VectorBuffer, bytes: Int) {
    let isControl = request.body.isControl
    // Before waiting, hand over what can make room.
    if !window.hasRoom(isControl: isControl) { flush() }
    guard window.enter(bytes: bytes, isControl: isControl) else { return }
    let edit = handler.edit(for: request.body, vectors)
    let kind: RequestScheduler.Kind =
      edit != nil ? .edit : isControl ? .control : request.body.isBarrier ? .barrier : .read
    func job(_ number: Int) -> Job {
      Job(number: number, request: request, vectors: vectors, received: .now, bytes: bytes)
    }
    let admission = lock.withLock {
      let admission = scheduler.admit(request.id, as: kind)
      // Under the same lock, so that the last of what it waits for finds it.
      switch admission {
      case .barrier(let number, isDue: false), .wait(let number): waiting[number] = job(number)
      default: break
      }
      return admission
    }
    switch admission {
    case .duplicate:
      keep(vectors)
      return answerDuplicate(request, bytes: bytes, isControl: isControl)
    case .wait: break
    case .run(let number):
      if let edit {
        flush()
        submit(edit, for: job(number))
      } else if isControl {
        answer(job(number), &encoder, isAlone: true)
      } else {
        ready.append(job(number))
      }
    case .barrier(let number, let isDue):
      if isDue { answer(job(number), &encoder, isAlone: true) }
    }
    if case .shutdown = request.body { isShuttingDown = true }
  }

  private func submit(_ edit: Edit, for job: Job) {
    guard !isToldToStop else {
      var encoder = AnswerEncoder()
      return cancel(job, &encoder)
    }
    handler.editor.submit(edit) { [self] outcome in
      var encoder = AnswerEncoder()
      handler.answer(outcome, to: job.request, into: &encoder)
      hand(out: job, &encoder)
    }
  }

  private func answerDuplicate(_ request: Request, bytes: Int, isControl: Bool) {
    var error = WireError(
      .invalidRequest, "a request with this id is still in progress; every id in progress must be unique",
      pointer: "/id")
    error.id = request.id
    encoder.removeAll()
    encoder.error(error, id: nil)
    handler.statistics.countError(error.kind, of: request.body.method)
    handler.statistics.countOutput(bytes: encoder.buffer.count)
    var places = Window.Places()
    places.add(bytes: bytes, isControl: isControl)
    send(encoder.buffer, places)
  }

  /// Answers a line that is no request.
  private func refuse(_ error: WireError, id: RequestID?, bytes: Int) {
    flush()
    guard window.enter(bytes: bytes, isControl: false) else { return }
    encoder.removeAll()
    encoder.error(error, id: id)
    handler.statistics.countError(error.kind)
    handler.statistics.countOutput(bytes: encoder.buffer.count)
    var places = Window.Places()
    places.add(bytes: bytes, isControl: false)
    send(encoder.buffer, places)
  }

  private func flush() {
    queue.put(ready)
    ready.removeAll(keepingCapacity: true)
  }

  // MARK: The workers' threads

  /// Answers requests until no more come.
  package func work() {
    var encoder = AnswerEncoder()
    while let job = queue.take() {
      if job.request.body.takesLong {
        workApart(on: job)
      } else {
        work(on: job, &encoder)
      }
    }
    longJobs.wait()
  }

  private func work(on job: Job, _ encoder: inout AnswerEncoder) {
    let isAlone = handler.statistics.begin() == 1
    defer { handler.statistics.end() }
    if isToldToStop {
      cancel(job, &encoder)
    } else {
      answer(job, &encoder, isAlone: isAlone)
    }
  }

  private func workApart(on job: Job) {
    longJobs.enter()
    let thread = Thread { [self] in
      var encoder = AnswerEncoder()
      work(on: job, &encoder)
      longJobs.leave()
    }
    thread.name = "long request"
    thread.stackSize = 1 << 20
    thread.start()
  }

  private var isToldToStop: Bool { lock.withLock { isCancelled } }

  private func answer(_ job: Job, _ encoder: inout AnswerEncoder, isAlone: Bool) {
    encoder.removeAll()
    let circumstances = RequestHandler.Circumstances(received: job.received, isAlone: isAlone) { [self] in isToldToStop
    }
    handler.answer(job.request, job.vectors, circumstances, into: &encoder)
    hand(out: job, &encoder)
  }

  private func cancel(_ job: Job, _ encoder: inout AnswerEncoder) {
    encoder.removeAll()
    let error = WireError(.shuttingDown, "the engine was told to stop before this request began")
    handler.refuse(job.request, error, into: &encoder)
    hand(out: job, &encoder)
  }

  private func hand(out job: Job, _ encoder: inout AnswerEncoder) {
    lock.withLock { scheduler.release(job.request.id) }
    var places = Window.Places()
    places.add(bytes: job.bytes, isControl: job.request.body.isControl)
    handler.statistics.count(job.request, received: job.received, plan: encoder.plan)
    handler.statistics.countOutput(bytes: encoder.buffer.count)
    send(encoder.buffer, places)
    keep(job.vectors)
    let due = lock.withLock {
      scheduler.finish(job.number).compactMap { due in
        waiting.removeValue(forKey: due.number).map { (job: $0, isBarrier: due.isBarrier) }
      }
    }
    queue.put(due.filter { !$0.isBarrier }.map(\.job))
    for barrier in due where barrier.isBarrier { answer(barrier.job, &encoder, isAlone: true) }
  }

  /// Keeps a buffer for the next request, unless a large one has made it so large that many of its kind would bloat the process.
  private func keep(_ vectors: VectorBuffer) {
    guard vectors.capacity <= Self.spareCapacity else { return }
    lock.withLock {
      if spareBuffers.count < limits.windowRequests { spareBuffers.append(vectors) }
    }
  }
}

extension RequestBody {
  /// Whether the answer costs next to nothing and overtakes the queue.
  var isControl: Bool {
    switch self {
    case .hello, .health, .stats: true
    default: false
    }
  }

  /// Whether the answer may take minutes.
  var takesLong: Bool {
    switch self {
    case .indexBuild, .indexCompact: true
    default: false
    }
  }

  /// Whether everything before must be finished first.
  var isBarrier: Bool {
    switch self {
    case .sync, .shutdown: true
    default: false
    }
  }
}
