/// A comparison of what a catalogue holds with what it must hold.
struct Audit {
  var lost = 0
  var phantom = 0
  var torn = 0
  var wrongAnswers = 0
  var otherViolations = 0
  var searches = 0
  var notes: [String] = []
  /// What the catalogue holds; nil where it could not be read.
  var found: CatalogueState?
  /// Its revision.
  var sequence = 0
  /// Which candidate it is; nil for none or several.
  var candidate: Int?

  /// Whether nothing is wrong.
  var isClean: Bool { lost + phantom + torn + wrongAnswers + otherViolations == 0 }

  /// Reads everything from an engine that has just started, and compares it.
  ///
  /// - Parameters:
  ///   - session: The engine.
  ///   - ledger: What must be there.
  ///   - metric: How closeness is measured.
  ///   - queries: What to search for.
  init(_ session: EngineSession, _ ledger: Ledger, metric: Metric, queries: [[Float]]) {
    for complaint in ledger.complaints { violation(complaint) }
    guard let (state, sequence) = read(session) else {
      violation("the catalogue cannot be read: \(session.child.errorText.prefix(300)) \(session.garbage)")
      return
    }
    (found, self.sequence) = (state, sequence)
    if sequence < ledger.sequence {
      violation("revision \(sequence) after \(ledger.sequence) was acknowledged")
    }
    compare(state, ledger.candidates)
    if let count = session.ask(.count)?.result?.count, count != state.items.count {
      violation("items.count says \(count), items.scroll shows \(state.items.count)")
    }
    if let health = session.ask(.health)?.result, health.state != "ok" {
      violation("the engine is \(health.state ?? "in no state"): \(health.reasons?.first ?? "for no reason")")
    }
    for (place, query) in queries.enumerated() {
      let (k, isExact) = (place % 2 == 0 ? 10 : 100, place % 3 != 2)
      search(session, state, metric, query, k: k, isExact: isExact)
    }
  }

  private mutating func violation(_ text: String) {
    otherViolations += 1
    notes.append(text)
  }

  private mutating func read(_ session: EngineSession) -> (CatalogueState, Int)? {
    var (state, cursor, sequence) = (CatalogueState(), String?.none, 0)
    repeat {
      guard let answer = session.ask(.scroll(after: cursor)), let result = answer.result, let items = result.items
      else { return nil }
      for item in items {
        if state.items[item.key] != nil { violation("items.scroll shows \(item.key) twice") }
        state.items[item.key] = item.model
      }
      (cursor, sequence) = (result.cursor, result.seq ?? 0)
    } while cursor != nil
    return (state, sequence)
  }

  private mutating func compare(_ state: CatalogueState, _ candidates: [CatalogueState]) {
    let matches = candidates.indices.filter { candidates[$0] == state }
    guard matches.isEmpty else {
      candidate = matches.count == 1 ? matches[0] : nil
      return
    }
    let before = (lost, phantom)
    for key in Set(candidates.flatMap(\.items.keys)).union(state.items.keys).sorted() {
      let (actual, allowed) = (state.items[key], candidates.map { $0.items[key] })
      guard !allowed.contains(actual) else { continue }
      let isLost = actual == nil || allowed.allSatisfy { $0 != nil }
      if isLost { lost += 1 } else { phantom += 1 }
      if notes.count < 5 { notes.append("\(key) is \(isLost ? "lost or altered" : "there and must not be")") }
    }
    guard before == (lost, phantom) else { return }
    torn += 1
    notes.append("edits are there without earlier ones, or in part")
  }

  private mutating func search(
    _ session: EngineSession, _ state: CatalogueState, _ metric: Metric, _ query: [Float], k: Int, isExact: Bool
  ) {
    searches += 1
    guard let result = session.ask(.search(query, k: k, exact: isExact))?.result, let hits = result.results?.first?.hits
    else { return violation("a search was not answered") }
    let isWhole = isExact || result.exact == true
    guard let fault = state.fault(of: hits, for: query, k: k, metric: metric, isExact: isWhole) else { return }
    wrongAnswers += 1
    notes.append("a search for \(k): \(fault)")
  }
}
