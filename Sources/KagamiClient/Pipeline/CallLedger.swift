/// Who is waiting for which answer, and which request lines may go out.
///
/// A call waits here until the window has room, then its line joins ``outgoing`` and it counts as in flight until its answer
/// comes. Answers may come in any order. A call that its caller gave up is kept, without a receiver, for as long as the engine
/// works on it: it still fills its place in the window, and its answer must not be taken for somebody else's.
///
/// A plain value without input, output or locks; its owner does what the returned values say.
package struct CallLedger<Receiver> {
  private enum Call {
    case waiting(line: [UInt8], Receiver)
    case sent(bytes: Int, counted: Bool, Receiver?)
  }

  /// Whose answer a line is.
  package enum Claim {
    /// It belongs to this receiver.
    case belongs(to: Receiver)
    /// Its caller no longer waits.
    case abandoned
    /// No call has that id.
    case unknown

    /// Whether no call has that id.
    package var isUnknown: Bool { if case .unknown = self { true } else { false } }
  }

  /// How much may be in flight at once.
  package let window: CallWindow
  /// Request lines that are to be written next, one after another.
  package private(set) var outgoing: [UInt8] = []

  private var calls: [Int: Call] = [:]
  /// Calls that wait for room, first come first served; those given up in the meantime are skipped.
  private var queue: [Int] = []
  private var queueHead = 0
  private var waitingCalls = 0
  private var requestsInFlight = 0
  private var bytesInFlight = 0
  private var nextID = 1

  /// Starts with nothing in flight.
  package init(window: CallWindow) {
    self.window = window
  }

  /// The number of calls whose answer has not come, those that wait for room included.
  package var openCalls: Int { calls.count }

  /// Whether every line has been handed over to be written.
  package var isFlushed: Bool { waitingCalls == 0 && outgoing.isEmpty }

  /// Ids that no other call has.
  package mutating func takeIDs(_ count: Int) -> Range<Int> {
    defer { nextID += count }
    return nextID..<nextID + count
  }

  /// Sends a call's line, or lets it wait until the window has room.
  ///
  /// - Parameters:
  ///   - id: An id from ``takeIDs(_:)``, used once.
  ///   - line: The request that carries the id, newline included.
  ///   - receiver: Who waits for the answer.
  ///   - urgent: Whether the call goes out at once and does not count: the engine keeps places of its own for such requests.
  package mutating func submit(_ id: Int, line: [UInt8], to receiver: Receiver, urgent: Bool = false) {
    if urgent {
      outgoing += line
      calls[id] = .sent(bytes: 0, counted: false, receiver)
    } else {
      calls[id] = .waiting(line: line, receiver)
      queue.append(id)
      waitingCalls += 1
      admit()
    }
  }

  /// Puts bytes in line that belong to no call.
  package mutating func submit(raw bytes: [UInt8]) {
    outgoing += bytes
  }

  /// Ends the call that an answer belongs to, which may let others go out.
  package mutating func claim(_ id: Int) -> Claim {
    guard case .sent(let bytes, let counted, let receiver)? = calls[id] else { return .unknown }
    calls[id] = nil
    if counted {
      requestsInFlight -= 1
      bytesInFlight -= bytes
      admit()
    }
    return receiver.map { .belongs(to: $0) } ?? .abandoned
  }

  /// Puts a request in line whose answer nobody waits for; it goes out at once and does not count.
  package mutating func submitUnwatched(_ id: Int, line: [UInt8]) {
    outgoing += line
    calls[id] = .sent(bytes: 0, counted: false, nil)
  }

  /// Whether a call's line went out and its answer has not come.
  package func isInFlight(_ id: Int) -> Bool {
    if case .sent = calls[id] { true } else { false }
  }

  /// Forgets who waits for a call; one that has not gone out never does.
  ///
  /// Unknown ids are ignored.
  ///
  /// - Returns: Who waited.
  @discardableResult
  package mutating func abandon(_ id: Int) -> Receiver? {
    switch calls[id] {
    case .waiting(_, let receiver):
      calls[id] = nil
      waitingCalls -= 1
      admit()
      return receiver
    case .sent(let bytes, let counted, let receiver):
      calls[id] = .sent(bytes: bytes, counted: counted, nil)
      return receiver
    case nil:
      return nil
    }
  }

  /// Hands over the lines that are to be written, and takes the writer's last buffer to fill again.
  package mutating func takeOutgoing(reusing buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    swap(&outgoing, &buffer)
  }

  /// Ends all calls: nothing will be answered any more.
  ///
  /// - Returns: Everybody who still waits.
  package mutating func close() -> [Receiver] {
    defer { self = CallLedger(window: window) }
    return calls.values.compactMap { call in
      switch call {
      case .waiting(_, let receiver): receiver
      case .sent(_, _, let receiver): receiver
      }
    }
  }

  private mutating func admit() {
    while queueHead < queue.count {
      let id = queue[queueHead]
      if case .waiting(let line, let receiver)? = calls[id] {
        guard window.hasRoom(for: line.count, besides: requestsInFlight, bytes: bytesInFlight) else { return }
        outgoing += line
        calls[id] = .sent(bytes: line.count, counted: true, receiver)
        waitingCalls -= 1
        requestsInFlight += 1
        bytesInFlight += line.count
      }
      queueHead += 1
    }
    queue.removeAll(keepingCapacity: true)
    queueHead = 0
  }
}
