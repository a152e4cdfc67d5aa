/// What becomes of a catalogue once every process is gone.
extension Table {
  /// Reads what is there, compares it and everything that was seen with what processes were told, and reports what is wrong.
  ///
  /// - Parameters:
  ///   - verifies: Whether `kagami verify` looks too.
  ///   - tally: What is counted.
  ///   - context: Where this is, for a sentence.
  /// - Returns: Whether nothing is wrong.
  /// - Throws: `POSIXError` where a process cannot be started.
  mutating func judge(verifies: Bool, _ tally: inout Tally, _ context: String) throws -> Bool {
    try settle(verifies: verifies, &tally)
    tally.add(findings, context)
    tally.add(figures)
    defer { (findings, figures) = ([], HandFigures()) }
    return findings.isEmpty
  }

  /// The same without reporting; what is wrong stays among the findings.
  mutating func settle(verifies: Bool, _ tally: inout Tally) throws {
    if verifies {
      tally.verifications += 1
      let outcome = try bench.verify(catalogue)
      if !outcome.isGood { note(.unreadable, "verify: \(outcome.complaint)") }
    }
    tally.restarts += 1
    let session = try bench.serve(catalogue)
    var judge = Onlooker(session, Randomness(random.next()), dimension: dimension)
    judge.scroll(limit: 1000)
    if try compare(&judge, session, &tally), Onlooker.steady.allSatisfy({ history.base.items[$0] != nil }) {
      for _ in 0..<4 { judge.look(least: sequence) }
      // Whoever is there finds itself.
      for key in history.base.items.keys.sorted().shuffled(using: &random).prefix(6) {
        judge.search(.vector(history.base.items[key]?.vector ?? []), nil)
      }
      let (seen, found) = judge.take()
      tally.looksCompared += seen.count
      findings += found + seen.compactMap { $0.finding(history.base, metric) }
    }
    _ = session.close()
    looks = []
  }

  private mutating func compare(_ judge: inout Onlooker, _ session: EngineSession, _ tally: inout Tally) throws -> Bool
  {
    let (seen, found) = judge.take()
    guard let shown = seen.first, found.isEmpty else {
      note(.unreadable, found.first?.text ?? "the catalogue cannot be read: \(session.child.errorText.suffix(300))")
      return false
    }
    var state = CatalogueState()
    for item in shown.items { state.items[item.key] = item.model }
    if state.items.count != shown.items.count { note(.scroll, "an item is shown twice") }
    if shown.sequence < sequence { note(.sequence, "revision \(shown.sequence) after \(sequence) was told") }
    if let health = session.ask(.health)?.result, health.state != "ok" {
      note(.degraded, "the engine is \(health.state ?? "in no state"): \(health.reasons?.first ?? "for no reason")")
    }
    let lines = history.timelines()
    tally.acknowledgedEdits += history.events.count
    tally.looksCompared += looks.count
    let fitting = lines.filter { $0.last == state }
    if fitting.isEmpty { lament(state, lines.map(\.last)) }
    // Of courses that end alike the one that explains most counts.
    let results = (fitting.isEmpty ? lines : fitting).map { line in line.findings + faults(of: line) }
    findings += results.min { $0.count < $1.count } ?? []
    history = History(state, sequence: max(shown.sequence, sequence))
    return fitting.isEmpty == false
  }

  private func faults(of line: Timeline) -> [Finding] {
    looks.compactMap { look in line.state(at: look.sequence).flatMap { look.finding($0, metric) } }
  }

  /// Says what differs from everything that may be.
  private mutating func lament(_ state: CatalogueState, _ candidates: [CatalogueState]) {
    let before = findings.count
    for key in Set(candidates.flatMap(\.items.keys)).union(state.items.keys).sorted() {
      let (actual, allowed) = (state.items[key], candidates.map { $0.items[key] })
      guard !allowed.contains(actual) else { continue }
      let isLost = actual == nil || allowed.allSatisfy { $0 != nil }
      let owner = actual.flatMap { actual in candidates[0].items.first { $0.value.vector == actual.vector }?.key }
      let what = actual == nil ? "is gone" : owner.map { "has the vector of \($0)" } ?? "is not as anybody put it"
      note(isLost ? .lost : .phantom, isLost ? "\(key) \(what)" : "\(key) is there and must not be")
    }
    if findings.count == before { note(.torn, "edits are there without earlier ones, or in part") }
  }
}
