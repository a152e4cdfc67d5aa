import WireProtocol

/// Which requests of a stream are in progress, and what has to wait for which.
///
/// Pure: no thread, no clock, no I/O.
///
/// Every request gets a number when it arrives. What may begin when:
///
/// - a read, when every edit before it is finished: it sees them all;
/// - an edit, when every read and every barrier before it is settled, that is, has taken the state that it answers from: none of them sees an edit that came
///   after it. Edits keep their order among each other by being handed on in order;
/// - a barrier, when everything before it is finished;
/// - a control request at once, and nothing waits for it.
package struct RequestScheduler {
  /// What becomes of a request that arrives.
  package enum Admission: Equatable {
    /// It may run, under this number.
    case run(Int)
    /// It will come out of ``finish(_:)`` or ``settle(_:)`` under this number.
    case wait(Int)
    /// Another request of the same id is in progress.
    case duplicate
  }

  /// What matters about a request here.
  package enum Kind: Sendable {
    /// Sees every edit before it, and none after it.
    case read
    /// Changes something.
    case edit
    /// Depends on nothing.
    case control
    /// Comes after everything before it.
    case barrier
  }

  /// A request that had to wait and may run now.
  package struct Due: Equatable {
    /// From its admission.
    package let number: Int
    /// What matters about it.
    package let kind: Kind
  }

  private struct Entry {
    let number: Int
    let kind: Kind
    var isWaiting: Bool
    /// Whether no later edit can show in its answer.
    var isSettled: Bool
  }

  private var next = 0
  /// Everything in progress but control requests, in the order of numbers; few, since the window is small.
  private var entries: [Entry] = []
  private var live: [RequestID: Int] = [:]
  // Counts among `entries`, so that streams of reads alone cost next to nothing.
  private var edits = 0
  private var unsettled = 0
  private var waiting = 0

  /// Nothing is in progress.
  package init() {}

  /// How many requests are in progress; control requests are not counted.
  package var count: Int { entries.count }

  /// Whether anything waits for something else.
  package var hasWaiting: Bool { waiting > 0 }

  /// The number of the request in progress that a caller calls so.
  package func number(of id: RequestID) -> Int? { live[id] }

  /// Admits a request.
  ///
  /// - Parameters:
  ///   - id: The caller's.
  ///   - kind: What matters about it.
  /// - Returns: What becomes of it.
  package mutating func admit(_ id: RequestID, as kind: Kind = .read) -> Admission {
    if let other = live.updateValue(next, forKey: id) {
      live[id] = other
      return .duplicate
    }
    defer { next += 1 }
    let waits =
      switch kind {
      case .control: false
      case .read: edits > 0
      case .edit: unsettled > 0
      case .barrier: !entries.isEmpty
      }
    guard kind != .control else { return .run(next) }
    entries.append(Entry(number: next, kind: kind, isWaiting: waits, isSettled: kind == .edit))
    if kind == .edit { edits += 1 } else { unsettled += 1 }
    guard waits else { return .run(next) }
    waiting += 1
    return .wait(next)
  }

  /// Frees an id, just before its answer goes out: whoever has read the answer may use it again.
  package mutating func release(_ id: RequestID) {
    live.removeValue(forKey: id)
  }

  /// Notes that no later edit can show in the answer of a read.
  ///
  /// - Parameter number: From its admission.
  /// - Returns: What had only been waiting for that, in the order of numbers.
  package mutating func settle(_ number: Int) -> [Due] {
    guard let place = place(of: number), !entries[place].isSettled else { return [] }
    entries[place].isSettled = true
    unsettled -= 1
    return takeDue()
  }

  /// Takes a request out of those that wait; it is in progress until ``finish(_:)``.
  ///
  /// - Returns: Whether it was waiting.
  package mutating func withdraw(_ number: Int) -> Bool {
    guard let place = place(of: number), entries[place].isWaiting else { return false }
    entries[place].isWaiting = false
    waiting -= 1
    return true
  }

  /// Notes that a request is answered.
  ///
  /// - Parameter number: From its admission.
  /// - Returns: What had only been waiting for it, in the order of numbers; it is running now.
  package mutating func finish(_ number: Int) -> [Due] {
    guard let place = place(of: number) else { return [] }
    let entry = entries.remove(at: place)
    if entry.kind == .edit { edits -= 1 }
    if !entry.isSettled { unsettled -= 1 }
    if entry.isWaiting { waiting -= 1 }
    return takeDue()
  }

  private func place(of number: Int) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].number == number ? low : nil
  }

  /// Everything that waits for nothing any more.
  private mutating func takeDue() -> [Due] {
    guard waiting > 0 else { return [] }
    var due: [Due] = []
    var (afterEdit, afterUnsettled) = (false, false)
    for place in entries.indices {
      let entry = entries[place]
      let waits =
        switch entry.kind {
        case .read, .control: afterEdit
        case .edit: afterUnsettled
        case .barrier: place > 0
        }
      if entry.isWaiting, !waits {
        entries[place].isWaiting = false
        waiting -= 1
        due.append(Due(number: entry.number, kind: entry.kind))
      }
      if entry.kind == .edit { afterEdit = true }
      if !entry.isSettled { afterUnsettled = true }
    }
    return due
  }
}
