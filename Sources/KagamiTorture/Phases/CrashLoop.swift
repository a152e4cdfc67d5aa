import Foundation

/// S1: kill at a random moment, start again, compare.
struct CrashLoop {
  private let bench: Bench
  private var random: Randomness
  private var maker: EditMaker
  private let dimension = 16

  /// A loop that has not begun.
  init(_ bench: Bench) {
    self.bench = bench
    random = bench.random("crash")
    maker = EditMaker(bench.random("edits"), dimension: dimension)
  }

  /// Lives of one catalogue before a new one is made.
  private static let lives = 20
  /// Requests under way at most; the window has room for 64.
  private static let window = 48

  /// Runs until the time is over.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var number = 0
    while ContinuousClock.now < deadline {
      number += 1
      let metric = Metric.allCases[number % Metric.allCases.count]
      let catalogue = try bench.create("crash-\(number).kagami", dimension: dimension, metric: metric)
      let before = tally
      try run(catalogue, metric, until: deadline, &tally)
      // What went wrong is kept for whoever looks at it.
      if tally.violations == before.violations {
        try? FileManager.default.removeItem(atPath: catalogue)
      }
    }
  }

  private mutating func run(
    _ catalogue: String, _ metric: Metric, until deadline: ContinuousClock.Instant, _ tally: inout Tally
  ) throws {
    var ledger = Ledger()
    for life in 0..<Self.lives where ContinuousClock.now < deadline {
      let session = try bench.serve(catalogue)
      live(session, &ledger, &tally, isFirst: life == 0)
      ledger.settle(session.answers)
      tally.acknowledgedEdits += ledger.takeAcknowledged()
      if random.oneIn(3) { try verify(catalogue, &tally) }
      let judge = try bench.serve(catalogue)
      let audit = Audit(judge, ledger, metric: metric, queries: (0..<4).map { _ in maker.query() })
      tally.restarts += 1
      tally.add(audit, "\(URL(fileURLWithPath: catalogue).lastPathComponent), life \(life)")
      repeatOperation(judge, &ledger, audit, &tally)
      // Every other judge is killed too: an engine that has only read must leave nothing behind.
      if random.oneIn(2) { judge.kill() } else { _ = judge.close() }
    }
  }

  private func verify(_ catalogue: String, _ tally: inout Tally) throws {
    tally.verifications += 1
    let outcome = try bench.verify(catalogue)
    guard !outcome.isGood else { return }
    tally.otherViolations += 1
    tally.note("verify after a kill: \(outcome.lines.first ?? outcome.errors)")
  }

  /// Sends the first undecided edit again, where it has a name: what is there must not be done twice.
  private func repeatOperation(_ judge: EngineSession, _ ledger: inout Ledger, _ audit: Audit, _ tally: inout Tally) {
    guard let found = audit.found else { return }
    let first = ledger.undecided.first
    ledger.restart(from: found, sequence: audit.sequence)
    guard let first, first.operation != nil, let candidate = audit.candidate else { return }
    // It may have been refused, for want of the member, whom an edit after it brought: then it is not refused again.
    if case .removeMember = first.action, candidate > 1 { return }
    let id = judge.send(first.request)
    ledger.sent(first, id: id)
    guard let answer = judge.answer(to: id) else {
      tally.otherViolations += 1
      return tally.note("an edit that was sent again was not answered")
    }
    if candidate > 0 {
      // What a rule refuses is not remembered, and refused again.
      if let result = answer.result, result.repeated != true {
        tally.otherViolations += 1
        tally.note("an edit with an op_id that was there already was done again")
      }
      // It must have changed nothing.
      ledger.restart(from: found, sequence: answer.result?.seq ?? 0)
    } else {
      ledger.settle(judge.answers)
    }
    tally.acknowledgedEdits += ledger.takeAcknowledged()
  }

  // MARK: One life

  /// A search under way, and the keys that it must not find.
  private struct Watch {
    var dead: Set<String>
    var sentAt: Int
  }

  private mutating func live(_ session: EngineSession, _ ledger: inout Ledger, _ tally: inout Tally, isFirst: Bool) {
    // Short lives are killed while the engine starts.
    let microseconds =
      random.oneIn(8) ? Int.random(in: 0...60_000, using: &random) : Int.random(in: 40_000...350_000, using: &random)
    let end = ContinuousClock.now + .microseconds(microseconds)
    var (watches, lastPut, open, sent) = ([Int: Watch](), [String: Int](), Set<Int>(), 0)
    while ContinuousClock.now < end, !session.isOver {
      while open.count < Self.window {
        sent += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<70:
          let edit = maker.next()
          let id = session.send(edit.request)
          ledger.sent(edit, id: id)
          for key in edit.keysPut { lastPut[key] = sent }
          open.insert(id)
        case 70..<72: open.insert(session.send(.build))
        case 72..<74: open.insert(session.send(.count))
        default:
          let id = session.send(.search(maker.query(), k: 50, exact: random.oneIn(2)))
          if random.oneIn(4) { watches[id] = Watch(dead: dead(ledger), sentAt: sent) }
          open.insert(id)
        }
      }
      session.pump(for: .milliseconds(2))
      open.subtract(session.answers.keys)
      ledger.settle(session.answers)
    }
    finish(session, &tally)
    for (id, watch) in watches { check(session.answers[id], watch, lastPut, &tally) }
    tally.buildsAnswered += session.answers.values.count { $0.result?.snapshot != nil }
    for text in session.garbage {
      tally.otherViolations += 1
      tally.note("no answer: \(text)")
    }
  }

  /// Most lives end by SIGKILL, some by SIGTERM or by the end of input.
  private mutating func finish(_ session: EngineSession, _ tally: inout Tally) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      session.child.send(signal: SIGTERM)
      expectExit(session, &tally)
    case 1: expectExit(session, &tally)
    default:
      session.kill()
      tally.kills += 1
    }
  }

  private func expectExit(_ session: EngineSession, _ tally: inout Tally) {
    let end = session.close()
    guard end != .exit(0) else { return }
    // A signal before the engine has set its handlers ends it at once.
    if end == .signal(SIGTERM) { return }
    tally.otherViolations += 1
    tally.note("the engine ended with \(end.map { "\($0)" } ?? "nothing"): \(session.child.errorText.prefix(200))")
  }

  /// Keys that are removed, and that nobody is about to put again.
  private func dead(_ ledger: Ledger) -> Set<String> {
    let open = Set(ledger.pending.flatMap(\.edit.keysPut))
    return Set((0..<400).map { "k\($0)" }).subtracting(ledger.state.items.keys).subtracting(open)
  }

  private func check(_ answer: Answer?, _ watch: Watch, _ lastPut: [String: Int], _ tally: inout Tally) {
    guard let hits = answer?.result?.results?.first?.hits else { return }
    tally.searchesCompared += 1
    for hit in hits where watch.dead.contains(hit.key) && lastPut[hit.key, default: 0] < watch.sentAt {
      tally.wrongAnswers += 1
      tally.note("a search found \(hit.key), which was removed before")
    }
  }
}
