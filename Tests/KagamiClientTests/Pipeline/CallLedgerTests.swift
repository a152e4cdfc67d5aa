import KagamiClient
import Testing

/// The ledger by itself: no pipe, no task, no time.
@Suite struct CallLedgerTests {
  private func ledger(requests: Int = 2, bytes: Int = 100) -> CallLedger<String> {
    CallLedger(window: CallWindow(requests: requests, bytes: bytes))
  }

  private func written(_ ledger: inout CallLedger<String>) -> String {
    var buffer: [UInt8] = []
    ledger.takeOutgoing(reusing: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }

  private func owner(_ claim: CallLedger<String>.Claim) -> String {
    switch claim {
    case .belongs(let owner): owner
    case .abandoned: "abandoned"
    case .unknown: "unknown"
    }
  }

  @Test func callsBeyondTheWindowWaitForAnswers() {
    var ledger = ledger()
    for id in ledger.takeIDs(4) { ledger.submit(id, line: Array("\(id)".utf8), to: "caller \(id)") }
    #expect(written(&ledger) == "12" && written(&ledger) == "")
    #expect(!ledger.isFlushed && ledger.openCalls == 4)
    #expect(owner(ledger.claim(2)) == "caller 2")
    #expect(written(&ledger) == "3" && ledger.openCalls == 3)
    #expect(owner(ledger.claim(2)) == "unknown" && owner(ledger.claim(4)) == "unknown")
    #expect(owner(ledger.claim(1)) == "caller 1" && owner(ledger.claim(3)) == "caller 3")
    #expect(written(&ledger) == "4" && ledger.isFlushed)
  }

  @Test func bytesCountTooAndALongLineGoesAlone() {
    var ledger = ledger(requests: 10, bytes: 5)
    for (id, line) in zip(ledger.takeIDs(4), ["aaa", "bb", "cccccccc", "d"]) {
      ledger.submit(id, line: Array(line.utf8), to: line)
    }
    #expect(written(&ledger) == "aaabb")
    _ = ledger.claim(1)
    #expect(written(&ledger) == "")
    _ = ledger.claim(2)
    #expect(written(&ledger) == "cccccccc")
    _ = ledger.claim(3)
    #expect(written(&ledger) == "d")
  }

  @Test func anAbandonedCallKeepsItsPlaceUntilItsAnswer() {
    var ledger = ledger(requests: 1)
    for id in ledger.takeIDs(2) { ledger.submit(id, line: [UInt8(ascii: "x")], to: "caller") }
    ledger.abandon(1)
    #expect(written(&ledger) == "x")
    #expect(owner(ledger.claim(1)) == "abandoned")
    #expect(written(&ledger) == "x")
  }

  @Test func aWaitingCallThatIsAbandonedNeverGoesOut() {
    var ledger = ledger(requests: 3, bytes: 4)
    for (id, line) in zip(ledger.takeIDs(3), ["aa", "bbb", "c"]) { ledger.submit(id, line: Array(line.utf8), to: line) }
    #expect(written(&ledger) == "aa")
    ledger.abandon(2)
    #expect(written(&ledger) == "c" && ledger.isFlushed)
    #expect(owner(ledger.claim(2)) == "unknown")
    ledger.abandon(99)
    #expect(ledger.openCalls == 2)
  }

  @Test func urgentCallsAndRawBytesDoNotCount() {
    var ledger = ledger(requests: 1)
    for id in ledger.takeIDs(2) { ledger.submit(id, line: Array("\(id)".utf8), to: "a") }
    ledger.submit(ledger.takeIDs(1).lowerBound, line: Array("!".utf8), to: "urgent", urgent: true)
    ledger.submit(raw: Array("?".utf8))
    #expect(written(&ledger) == "1!?")
    #expect(owner(ledger.claim(3)) == "urgent")
    #expect(written(&ledger) == "")
  }

  @Test func closingReturnsEverybodyWhoWaits() {
    var ledger = ledger(requests: 2)
    for id in ledger.takeIDs(4) { ledger.submit(id, line: [0], to: "caller \(id)") }
    ledger.abandon(1)
    #expect(Set(ledger.close()) == ["caller 2", "caller 3", "caller 4"])
    #expect(ledger.isFlushed && ledger.openCalls == 0)
  }
}
