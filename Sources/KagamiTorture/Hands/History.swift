/// What several processes were told about their edits of one catalogue.
struct History {
  /// An edit that was acknowledged.
  struct Event {
    var sequence: Int
    /// Nil for one that leaves all items as they are, such as a compaction.
    var edit: ModelEdit?
    /// Who did it.
    var writer: Int
    /// The keys that the answer says it took away; nil where it says nothing.
    var removed: [String]?
  }

  /// Edits of a process that is gone, or whose answers say nothing: the first so many of them are there.
  struct Rest {
    var edits: [ModelEdit]
    /// The last revision that the process was told.
    var after: Int
    /// Whether all of them must be there.
    var isAcknowledged = false
  }

  /// What the catalogue held before.
  let base: CatalogueState
  let baseSequence: Int
  private(set) var events: [Event] = []
  private(set) var rests: [Rest] = []

  /// A history that has not begun.
  init(_ base: CatalogueState, sequence: Int) { (self.base, baseSequence) = (base, sequence) }

  /// The last revision that anybody was told.
  var sequence: Int { events.reduce(baseSequence) { max($0, $1.sequence) } }

  mutating func acknowledge(_ event: Event) { events.append(event) }

  /// Notes edits that nobody knows of whether they were done.
  mutating func leaveOpen(_ edits: [ModelEdit], after sequence: Int, isAcknowledged: Bool = false) {
    rests.append(Rest(edits: edits, after: sequence, isAcknowledged: isAcknowledged))
  }

  /// Everything that may have been, one course of events each.
  ///
  /// What is open of a process took place at revisions that nobody else was told, all of it in one place: who writes has the lock until it ends.
  func timelines() -> [Timeline] {
    let sorted = events.enumerated().sorted { ($0.element.sequence, $0.offset) < ($1.element.sequence, $1.offset) }
    return timelines(sorted.map(\.element), rests[...])
  }

  private func timelines(_ events: [Event], _ rests: ArraySlice<Rest>) -> [Timeline] {
    guard let rest = rests.first else { return [Timeline(self, events)] }
    let others = rests.dropFirst()
    var lines: [Timeline] = []
    let least = rest.isAcknowledged ? rest.edits.count : 0
    if least == 0 { lines += timelines(events, others) }
    for place in 0...events.count {
      let before = place == 0 ? baseSequence : events[place - 1].sequence
      let next = place == events.count ? Int.max : events[place].sequence
      guard before >= rest.after, next - before > 1 else { continue }
      for count in max(1, least)..<max(1, rest.edits.count) + 1 {
        // In the middle of the gap as far as order goes: nobody knows the very revisions.
        let open = rest.edits.prefix(count).map { Event(sequence: before + 1, edit: $0, writer: -1, removed: nil) }
        lines += timelines(Array(events[..<place]) + open + Array(events[place...]), others)
      }
    }
    return lines
  }
}
