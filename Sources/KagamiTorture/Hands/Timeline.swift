/// One course of events: what the catalogue held at every revision.
struct Timeline {
  /// What is wrong with what processes were told.
  private(set) var findings: [Finding] = []
  private var states: [(sequence: Int, state: CatalogueState)]
  /// Revisions that an open edit may or may not have.
  private var doubtful: [Range<Int>] = []

  /// What it ends with.
  var last: CatalogueState { states[states.count - 1].state }

  /// Does edits one after the other.
  ///
  /// - Parameters:
  ///   - history: Where it begins.
  ///   - events: In order.
  init(_ history: History, _ events: [History.Event]) {
    states = [(history.baseSequence, history.base)]
    for (place, event) in events.enumerated() {
      let before = last
      var state = before
      if let edit = event.edit, !edit.isRefused { state.apply(edit) }
      if event.writer < 0 {
        let next = events[(place + 1)...].first { $0.writer >= 0 }?.sequence ?? Int.max
        doubtful.append(event.sequence..<next)
      }
      check(event, before, state)
      if let other = events[..<place].last, other.sequence == event.sequence { check(event, beside: other) }
      if states[states.count - 1].sequence == event.sequence {
        states[states.count - 1].state = state
      } else {
        states.append((event.sequence, state))
      }
    }
  }

  private mutating func check(_ event: History.Event, _ before: CatalogueState, _ after: CatalogueState) {
    guard let removed = event.removed else { return }
    let expected = Set(before.items.keys).subtracting(after.items.keys)
    guard Set(removed) != expected || removed.count != expected.count else { return }
    let (wrong, missing) = (Set(removed).subtracting(expected).sorted(), expected.subtracting(removed).sorted())
    findings.append(
      Finding(
        check: .receipt,
        text: "a removal at revision \(event.sequence) took \(wrong.prefix(3)) and left \(missing.prefix(3))"))
  }

  /// Two processes cannot both have made a revision.
  private mutating func check(_ event: History.Event, beside other: History.Event) {
    guard event.writer >= 0, other.writer >= 0, event.writer != other.writer, event.makesRevision, other.makesRevision
    else { return }
    findings.append(Finding(check: .revision, text: "two processes made revision \(event.sequence)"))
  }

  /// What the catalogue held at a revision; nil where nobody knows.
  func state(at sequence: Int) -> CatalogueState? {
    guard sequence >= states[0].sequence, !doubtful.contains(where: { $0.contains(sequence) }) else { return nil }
    var (low, high) = (0, states.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if states[middle].sequence <= sequence { low = middle } else { high = middle - 1 }
    }
    return states[low].state
  }
}

extension History.Event {
  /// Whether there surely was a transaction for it.
  var makesRevision: Bool {
    if let removed { return !removed.isEmpty }
    guard case .upsert(let entries, _) = edit?.action else { return false }
    return entries.contains(where: \.isAcceptable)
  }
}
