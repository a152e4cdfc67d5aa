/// Writes answer lines, one after another, into memory that is kept.
///
/// Hot answers are streamed: nothing is gathered before it is written, and the order of fields is always the same.
///
/// ```swift
/// encoder.beginResults(id)
/// encoder.beginHits()
/// encoder.beginHit(key: key, score: 0.93)
/// encoder.member(member)
/// encoder.work(work)
/// encoder.endHit()
/// encoder.endHits()
/// encoder.endResults(.init(sequence: 12_094))
/// ```
///
/// - Allocates: Nothing in steady state.
/// - Concurrency: Belongs to one thread at a time.
public struct AnswerEncoder: ~Copyable {
  /// What was written since the last ``removeAll()``: whole lines, between calls of one answer a line that has begun.
  public var buffer = ByteBuffer(capacity: usual)
  /// How the last search that was written was done; nil since the last ``removeAll()``.
  public internal(set) var plan: String?

  private static let usual = 1 << 16
  private static let kept = 32 << 20

  /// An encoder with nothing written.
  public init() {}

  /// Forgets what was written.
  public mutating func removeAll() {
    // Memory is kept for answers of the usual length, not for the longest of all.
    if buffer.capacity > Self.kept { buffer = ByteBuffer(capacity: Self.usual) } else { buffer.removeAll() }
    plan = nil
  }

  /// Forgets a line that was begun, to write another answer in its place.
  ///
  /// - Parameter count: The length of the buffer before the line began.
  public mutating func discardLine(from count: Int) { buffer.truncate(to: count) }

  // MARK: Any answer

  /// Begins an answer; its result, one value, comes next.
  public mutating func beginResult(_ id: RequestID) {
    begin(id)
    buffer.name("result")
  }

  /// Ends an answer.
  public mutating func endResult() {
    buffer.endObject()
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Writes a whole answer that says why there is no result.
  ///
  /// - Parameters:
  ///   - error: What happened.
  ///   - id: The request's, or nil where the line had none that could be understood.
  public mutating func error(_ error: WireError, id: RequestID?) {
    begin(id)
    buffer.name("error")
    buffer.beginObject()
    buffer.name("code")
    buffer.number(error.kind.code)
    buffer.name("message")
    buffer.string(error.message)
    buffer.name("data")
    data(of: error)
    buffer.endObject()
    endResult()
  }

  /// Writes a notification of how far a request is.
  ///
  /// - Parameters:
  ///   - token: The caller's name for it.
  ///   - stage: What is being done.
  ///   - done: How much of the whole request is done, in the same unit as `total`.
  ///   - total: How much there is to do.
  public mutating func progress(token: RequestID, stage: String, done: Int, total: Int) {
    buffer.append("{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":{\"token\":")
    write(token)
    buffer.name("stage")
    buffer.string(stage)
    buffer.name("done")
    buffer.number(done)
    buffer.name("total")
    buffer.number(total)
    buffer.endObject()
    endResult()
  }

  /// Writes the answer to `engine.cancel`.
  ///
  /// - Parameters:
  ///   - id: The request's.
  ///   - cancelled: How many requests were told to stop.
  ///   - others: Ids that were named and are not in progress.
  public mutating func cancelled(_ id: RequestID, _ cancelled: Int, notInProgress others: [RequestID]) {
    beginResult(id)
    buffer.append("{\"cancelled\":")
    buffer.number(cancelled)
    buffer.name("not_in_progress")
    buffer.beginArray()
    for other in others { write(other) }
    buffer.endArray()
    buffer.endObject()
    endResult()
  }

  private mutating func data(of error: WireError) {
    buffer.beginObject()
    buffer.name("kind")
    buffer.string(error.kind.rawValue)
    if let pointer = error.pointer {
      buffer.name("pointer")
      buffer.string(pointer)
    }
    if let offset = error.offset {
      buffer.name("offset")
      buffer.number(offset)
    }
    if let limit = error.limit {
      buffer.name("limit")
      buffer.number(limit)
    }
    if let got = error.got {
      buffer.name("got")
      buffer.string(got)
    }
    if let id = error.id {
      buffer.name("id")
      write(id)
    }
    if let retryAfter = error.retryAfter {
      buffer.name("retry_after_ms")
      buffer.number(retryAfter)
    }
    buffer.name("retryable")
    buffer.bool(error.kind.isRetryable)
    buffer.endObject()
  }

  private mutating func begin(_ id: RequestID?) {
    buffer.append("{\"jsonrpc\":\"2.0\",\"id\":")
    if let id { write(id) } else { buffer.null() }
  }

  private mutating func write(_ id: RequestID) {
    switch id {
    case .integer(let integer): buffer.number(integer)
    case .string(let string): buffer.string(string)
    }
  }
}
