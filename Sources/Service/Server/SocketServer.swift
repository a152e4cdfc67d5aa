import Foundation
import WireProtocol

/// An engine on a local socket: every connection is a stream of its own, with its own window, ids and order; engine and workers
/// are shared, and so is a bound of what all have under way.
///
/// Each connection has a thread that reads and one that waits for slow readers. The end of a connection's input, or `engine.shutdown`, ends that
/// connection; the engine ends with a signal.
final class SocketServer: Sendable {
  private let options: ServeOptions
  private let serving: ServingEngine
  private let socket: LocalSocket
  private let observation: Observation
  private let bell: WakePipe
  private let connections: Connections
  private let shared: SharedWindow

  /// Listens.
  ///
  /// - Throws: ``SocketError``, ``StreamError``, or what opening the catalogue throws.
  init(_ options: ServeOptions, path: String, _ observation: Observation) throws {
    signal(SIGPIPE, SIG_IGN)
    let (bell, connections) = (try WakePipe(), Connections())
    (self.bell, self.connections) = (bell, connections)
    // Whoever finds the socket finds an engine that is ready, and that takes the socket away when it is told to end.
    serving = try ServingEngine(options, observation, isShared: true)
    try Server.listen(options) {
      bell.ring()
      connections.stop()
    }
    socket = try LocalSocket(path: path)
    (self.options, self.observation) = (options, observation)
    shared = SharedWindow(limit: options.sharedWindowBytes)
  }

  /// Serves until a signal comes.
  ///
  /// - Returns: The exit code.
  func run() -> Int32 {
    observation.begin(serving.handler)
    while let connection = socket.accept(until: bell) { take(connection) }
    socket.end()
    connections.wait()
    serving.end()
    return 0
  }

  private func take(_ connection: Int32) {
    if !LocalSocket.isOwn(connection) {
      return refuse(connection, WireError(.invalidRequest, "this engine serves the user who started it only"))
    }
    guard connections.enter(limit: options.connections) else {
      let error = WireError(
        .overloaded, "\(options.connections) callers are connected already; try again when one has left",
        limit: options.connections, retryAfter: 1000)
      return refuse(connection, error)
    }
    guard let stream = try? LineStream(serving, options, input: connection, output: connection, shared: shared)
    else {
      connections.leave(nil)
      return refuse(connection, WireError(.resourceExhausted, "too many files are open; raise the limit (ulimit -n)"))
    }
    connections.add(stream)
    let connections = connections
    let thread = Thread {
      _ = stream.run()
      // Wakes the writer's thread where it still waits for a reader; the descriptor is closed with it.
      shutdown(connection, Int32(SHUT_RDWR))
      connections.leave(stream)
    }
    thread.name = "connection"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Says why a connection is not served, and ends it.
  private func refuse(_ connection: Int32, _ error: WireError) {
    var encoder = AnswerEncoder()
    encoder.error(error, id: nil)
    _ = Outlet(connection).write(encoder.buffer, from: 0, mayWait: false)
  }
}

/// The streams that are being served.
private final class Connections: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var streams: [ObjectIdentifier: LineStream] = [:]
  private var count = 0
  private var isStopping = false

  /// Takes a place, if there is one.
  func enter(limit: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard count < limit, !isStopping else { return false }
    count += 1
    return true
  }

  /// Notes a stream, so that it can be stopped.
  func add(_ stream: LineStream) {
    condition.lock()
    streams[ObjectIdentifier(stream)] = stream
    let stops = isStopping
    condition.unlock()
    if stops { stream.stop() }
  }

  /// Gives a place back.
  func leave(_ stream: LineStream?) {
    condition.lock()
    if let stream { streams.removeValue(forKey: ObjectIdentifier(stream)) }
    count -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// Stops all streams.
  func stop() {
    condition.lock()
    isStopping = true
    let all = Array(streams.values)
    condition.unlock()
    for stream in all { stream.stop() }
  }

  /// Waits until none is left.
  func wait() {
    condition.lock()
    while count > 0 { condition.wait() }
    condition.unlock()
  }
}
