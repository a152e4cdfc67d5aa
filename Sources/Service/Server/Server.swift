import Foundation
import WireProtocol

/// `kagami serve`: a co-process on standard input and output, or an engine on a local socket.
public enum Server {
  /// Seconds that a caller who does not read may hold up the end after a signal.
  static let grace = 2.0

  /// Answers requests until the input ends, `engine.shutdown` is asked, or a signal comes.
  ///
  /// - Parameter options: What is served, and how.
  /// - Returns: The exit code: 0, or 74 when nobody reads the answers any more.
  /// - Throws: `CatalogueError` or `IndexError` where the catalogue cannot be opened; ``StreamError`` or ``SocketError`` where the streams cannot, ``LogFailure`` where the
  ///   log cannot.
  public static func run(_ options: ServeOptions) throws -> Int32 {
    // Before the streams are moved: whether standard error is closed shows only now.
    let observation = try Observation(options.observation)
    do {
      let code =
        if let path = options.socket {
          try SocketServer(options, path: path, observation).run()
        } else {
          try serve(options, observation)
        }
      observation.end(code: code)
      return code
    } catch {
      observation.failed(error)
      throw error
    }
  }

  private static func serve(_ options: ServeOptions, _ observation: Observation) throws -> Int32 {
    let output = try StandardStreams.takeOutput()
    let serving = try ServingEngine(options, observation, isShared: false)
    let stream = try LineStream(serving, options, input: STDIN_FILENO, output: output)
    try listen(options) { stream.stop() }
    observation.begin(serving.handler)
    let code: Int32 = stream.run() ? 0 : 74
    serving.end()
    return code
  }

  /// Calls `stop` when a signal comes or, where that is asked for, when the parent is gone.
  static func listen(_ options: ServeOptions, _ stop: @escaping @Sendable () -> Void) throws(StreamError) {
    try Signals.listen(stop)
    guard options.exitsWithParent else { return }
    try ParentWatch.start {
      stop()
      // Nobody is left who could wait for the end of a long transaction; it is rolled back at the next start.
      Thread.sleep(forTimeInterval: 1.5)
      _exit(0)
    }
  }
}

/// One conversation between two descriptors.
final class LineStream: Sendable {
  private let input: InputReader
  private let writer: LineWriter
  private let window: Window
  private let conversation: Conversation
  private let ended: DispatchSemaphore

  /// Prepares a stream.
  ///
  /// - Parameters:
  ///   - serving: Who answers.
  ///   - options: What the caller chose.
  ///   - input: Where requests come from.
  ///   - output: Where answers go; taken over.
  ///   - shared: What it has to keep to together with other streams.
  /// - Throws: ``StreamError`` where too many files are open.
  init(
    _ serving: ServingEngine, _ options: ServeOptions, input: Int32, output: Int32, shared: SharedWindow? = nil
  ) throws(StreamError) {
    let reader = try InputReader(descriptor: input)
    let limits = Limits()
    let window = Window(limits: limits, shared: shared)
    let ended = DispatchSemaphore(value: 0)
    // The writer exists before the conversation whose reads it ends.
    let reads = Weak()
    let writer = LineWriter(descriptor: output, window: window) {
      reader.stop()
      reads.conversation?.dropReads()
    }
    conversation = Conversation(
      serving.handler, window: window, limits: limits, options: options.stream, queue: serving.queue,
      onEnd: { ended.signal() }
    ) { lines, places in writer.add(lines, giving: places) }
    reads.conversation = conversation
    (self.input, self.writer, self.window, self.ended) = (reader, writer, window, ended)
  }

  private final class Weak: @unchecked Sendable {
    weak var conversation: Conversation?
  }

  /// Serves until the stream ends and everything is answered.
  ///
  /// - Returns: Whether there was a reader until the end.
  func run() -> Bool {
    writer.start()
    input.run(isIdle: { conversation.isIdle }) { chunk, hasMore in
      conversation.receive(chunk, hasMore: hasMore)
      return !conversation.isShuttingDown
    }
    conversation.finish()
    ended.wait()
    defer { window.retire() }
    return writer.close()
  }

  /// Ends the stream soon: from any thread.
  func stop() {
    conversation.cancelQueued()
    input.stop()
    window.close()
    writer.hurry(within: Server.grace)
  }
}
