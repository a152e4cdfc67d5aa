import Synchronization

/// An engine that runs as a child process, and the calls to it.
///
/// ```swift
/// let answer = try await KagamiClient.withEngine(executable: "kagami", arguments: ["serve", "art.kagami"]) { client in
///   try await client.search(vectors: pixels, dimension: 512, options: SearchOptions(k: 5))
/// }
/// ```
///
/// Calls may be made from any number of tasks at once. They share one pipe and one window: a call beyond the window waits for
/// room, an answer finds its call by id in whatever order it comes. A call whose task is cancelled stops waiting at once; the
/// engine is told so if it knows `engine.cancel`, and its answer is dropped when it comes. When the engine ends, every call that waits fails with the same
/// ``ClientError/engineExited(_:)``.
///
/// It is not a connection that heals: the engine is started once. ``RestartingClient`` starts another one when it ends.
public final class KagamiClient: Sendable {
  /// Where the answers of one caller arrive, one or several at a time.
  typealias Mailbox = AsyncThrowingStream<[Answer], any Error>.Continuation
  /// Where somebody waits for a line that belongs to no call.
  typealias LineWaiter = AsyncThrowingStream<[UInt8], any Error>.Continuation
  /// Where somebody waits for the engine's end.
  typealias ExitWaiter = AsyncThrowingStream<EngineExit, any Error>.Continuation

  /// Everything that changes; the lock is held for moments, never while something is written or awaited.
  struct State {
    var ledger: CallLedger<Receiver>
    /// Who hears how far calls are, by their ids.
    var progressHandlers: [Int: ProgressHandler] = [:]
    /// What the client knows of the engine's ability to cancel.
    var cancelling = Cancelling.unknown(waiting: [])
    var isClosed = false
    /// Why nothing will be answered any more.
    var end: ClientError?
    /// Whether a caller has learnt of the end.
    var endWasReported = false
    /// Lines that belong to no call, oldest first, and those who wait for one.
    var unclaimedLines: [[UInt8]] = []
    var lineWaiters: [LineWaiter] = []
    var exitWaiters: [ExitWaiter] = []
  }

  /// Whether the engine can be told that an answer is not wanted any more.
  enum Cancelling: Sendable {
    /// Nobody has asked it; these calls are to be cancelled once it is known.
    case unknown(waiting: [Int])
    /// It was asked.
    case asked(waiting: [Int])
    case known(Bool)
  }

  /// What the task that watches the process is told to do.
  enum Order: Sendable {
    case endInGrace, kill
  }

  /// How much may be in flight at once.
  public let window: CallWindow

  let state: Mutex<State>
  /// Rings when lines wait to be written; finished when nobody reads them any more.
  let doorbell = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  /// Rings when the engine runs; finished when it could not be started or has ended.
  let start = AsyncStream<Void>.makeStream()
  /// How the process is to end.
  let orders = AsyncStream<Order>.makeStream()

  /// The most lines that are kept for ``nextUnclaimedLine()``.
  static let unclaimedLimit = 1024

  /// Whether the engine is told of calls that were given up.
  let cancelsInEngine: Bool

  init(window: CallWindow, cancelsInEngine: Bool) {
    (self.window, self.cancelsInEngine) = (window, cancelsInEngine)
    state = Mutex(State(ledger: CallLedger(window: window)))
  }

  /// The number of calls whose answer has not come, those that wait for room in the window included.
  public var openCalls: Int { state.withLock { $0.ledger.openCalls } }

  /// Ends the engine's input: calls made from now on fail, those that were made are still answered.
  ///
  /// The engine finishes what it accepted and exits. ``withEngine(executable:arguments:options:_:)`` does this when its body
  /// returns; calling it again changes nothing.
  public func close() {
    state.withLock { $0.isClosed = true }
    doorbell.continuation.yield()
    orders.continuation.yield(.endInGrace)
  }

  /// Ends the engine at once with SIGKILL, as tests of crashes do.
  ///
  /// Calls that wait fail.
  public func kill() {
    orders.continuation.yield(.kill)
  }
}
