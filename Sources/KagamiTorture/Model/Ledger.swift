/// What was sent to an engine, and what must be in its catalogue for it.
struct Ledger {
  /// What was acknowledged.
  private(set) var state = CatalogueState()
  /// The greatest revision that an answer told.
  private(set) var sequence = 0
  /// Edits that are sent and neither acknowledged nor refused, in order.
  private(set) var pending: [(id: Int, edit: ModelEdit)] = []
  /// Edits whose refusal says that a file failed: the disk may hold them all the same.
  private var doubtful: [ModelEdit] = []
  /// What an earlier life left that is not acknowledged itself: lasting once something after it is.
  private var inherited: CatalogueState?
  /// How many edits were acknowledged.
  private(set) var acknowledged = 0
  /// Answers that must not be, in words.
  private(set) var complaints: [String] = []
  /// Kinds of refusals that came, by count.
  private(set) var refusals: [String: Int] = [:]

  /// Whether an edit waits or is in doubt for a key.
  func isOpen(_ key: String) -> Bool { pending.contains { $0.edit.keysPut.contains(key) } }

  /// Notes an edit that was sent.
  mutating func sent(_ edit: ModelEdit, id: Int) { pending.append((id, edit)) }

  /// Takes answers into account.
  ///
  /// - Parameters:
  ///   - answers: What came.
  ///   - faults: Kinds of errors that are to be expected, because files were made to fail.
  mutating func settle(_ answers: [Int: Answer], expecting faults: Set<String> = []) {
    var open: [(id: Int, edit: ModelEdit)] = []
    for (id, edit) in pending {
      guard let answer = answers[id] else {
        open.append((id, edit))
        continue
      }
      if !open.isEmpty { complaints.append("an edit was answered before an earlier one") }
      if let error = answer.error {
        refuse(edit, error, faults)
      } else {
        accept(edit, answer)
      }
    }
    pending = open
  }

  private mutating func accept(_ edit: ModelEdit, _ answer: Answer) {
    if edit.isRefused { complaints.append("an edit with an item that cannot be stored was acknowledged whole") }
    let told = answer.result?.seq ?? -1
    if told < sequence { complaints.append("revision \(told) was told after \(sequence)") }
    sequence = max(sequence, told)
    if let inherited { state = inherited }
    inherited = nil
    state.apply(edit)
    acknowledged += 1
    // What was refused before something was acknowledged is refused for good.
    doubtful.removeAll()
  }

  private mutating func refuse(_ edit: ModelEdit, _ error: Answer.Failure, _ faults: Set<String>) {
    let kind = error.data.kind
    refusals[kind, default: 0] += 1
    if edit.isRefused, kind == "invalid_params" { return }
    if case .removeMember = edit.action, kind == "not_found" { return }
    // Nothing of what is asked when the engine is already ending is done.
    if kind == "shutting_down" { return }
    guard faults.contains(kind) else {
      complaints.append("an edit was refused: \(kind), \(error.message)")
      return
    }
    if kind == "storage_io" { doubtful.append(edit) }
  }

  /// What the catalogue may hold: everything acknowledged, and then of the rest the first so many edits.
  var candidates: [CatalogueState] {
    var states = [state]
    for edit in doubtful + pending.map(\.edit) where !edit.isRefused {
      var next = states[states.count - 1]
      next.apply(edit)
      states.append(next)
    }
    return states
  }

  /// The edits behind the candidates after the first.
  var undecided: [ModelEdit] { (doubtful + pending.map(\.edit)).filter { !$0.isRefused } }

  /// Begins another life of the catalogue.
  ///
  /// - Parameter found: What it was found to hold, one of the candidates; nil where it was not looked at.
  mutating func inherit(_ found: CatalogueState?) {
    let count = found.flatMap { candidates.lastIndex(of: $0) } ?? undecided.count
    doubtful = Array(undecided.prefix(count))
    pending.removeAll()
    inherited = found
  }

  /// Goes on from what the catalogue was found to hold.
  mutating func restart(from state: CatalogueState, sequence: Int) {
    (self.state, self.sequence) = (state, max(self.sequence, sequence))
    inherited = nil
    pending.removeAll()
    doubtful.removeAll()
    complaints.removeAll()
    refusals.removeAll()
  }

  /// Takes the count of what was acknowledged since it was taken last.
  mutating func takeAcknowledged() -> Int {
    defer { acknowledged = 0 }
    return acknowledged
  }
}
