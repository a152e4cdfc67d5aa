import Synchronization

/// Calls that nobody waits for any more.
extension KagamiClient {
  /// Gives up on calls, and tells the engine of those that it works on; those that were answered are ignored.
  func giveUp(_ ids: Range<Int>) {
    let receivers = state.withLock { state in
      let receivers = ids.compactMap { state.ledger.abandon($0) }
      if cancelsInEngine { state.cancel(ids.filter { state.ledger.isInFlight($0) }) }
      return receivers
    }
    doorbell.continuation.yield()
    for receiver in receivers { receiver.fail(CancellationError()) }
  }

  /// Reads from the engine's greeting whether it can cancel, and has it cancel what waited for that.
  func learn(from greeting: Answer) {
    let methods = (try? greeting.result(JSONValue.self, of: "engine.hello"))?["methods"]?.array ?? []
    state.withLock { state in
      let waiting: [Int] =
        switch state.cancelling {
        case .unknown(let waiting), .asked(let waiting): waiting
        case .known: []
        }
      state.cancelling = .known(methods.contains("engine.cancel"))
      state.cancel(waiting.filter { state.ledger.isInFlight($0) })
    }
    doorbell.continuation.yield()
  }
}

extension KagamiClient.State {
  /// Puts the request in line that cancels others, once it is known that the engine understands it.
  fileprivate mutating func cancel(_ ids: [Int]) {
    guard !ids.isEmpty, end == nil, !isClosed else { return }
    switch cancelling {
    case .unknown(let waiting):
      cancelling = .asked(waiting: waiting + ids)
      let id = ledger.takeIDs(1).lowerBound
      let line = Array((#"{"jsonrpc":"2.0","id":\#(id),"method":"engine.hello"}"# + "\n").utf8)
      ledger.submit(id, line: line, to: .greeting, urgent: true)
    case .asked(let waiting): cancelling = .asked(waiting: waiting + ids)
    case .known(true):
      let id = ledger.takeIDs(1).lowerBound
      let list = ids.map(String.init).joined(separator: ",")
      let line = #"{"jsonrpc":"2.0","id":\#(id),"method":"engine.cancel","params":{"ids":[\#(list)]}}"# + "\n"
      ledger.submitUnwatched(id, line: Array(line.utf8))
    case .known(false): break
    }
  }
}
