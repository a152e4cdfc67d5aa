import WireProtocol

/// Which requests of a stream are in progress, and what has to wait for which.
///
/// Pure: no thread, no clock, no I/O.
///
/// Every request gets a number when it arrives. Edits run at once, as their own queue keeps their order. Reads run in any order, but wait
/// for the edits that arrived before them. A barrier is due when everything that arrived before it is finished.
package struct RequestScheduler {
  /// What becomes of a request that arrives.
  package enum Admission: Equatable {
    /// It may run, under this number.
    case run(Int)
    /// It is a read that will come out of ``finish(_:)``.
    case wait(Int)
    /// It is a barrier that has nothing to wait for, or will come out of ``finish(_:)``.
    case barrier(Int, isDue: Bool)
    /// Another request of the same id is in progress.
    case duplicate
  }

  /// A request that had to wait and is due now.
  package struct Due: Equatable {
    /// From its admission.
    package let number: Int
    /// What the caller calls it.
    package let request: RequestID
    /// Whether it waited for everything before it.
    package var isBarrier = false
  }

  /// What matters about a request here.
  package enum Kind {
    /// Sees every edit before it.
    case read
    /// Changes something.
    case edit
    /// Depends on nothing.
    case control
    /// Comes after everything before it.
    case barrier
  }

  private var next = 0
  /// Numbers of the edits in progress.
  private var edits: [Int] = []
  /// Reads that wait for edits.
  private var reads: [Due] = []
  /// Numbers of what is in progress; few, since the window is small.
  private var running: [Int] = []
  private var barriers: [Due] = []
  private var live: Set<RequestID> = []

  /// Nothing is in progress.
  package init() {}

  /// How many requests are in progress, barriers among them.
  package var count: Int { running.count + barriers.count }

  /// Admits a request.
  ///
  /// - Parameters:
  ///   - id: The caller's.
  ///   - kind: What matters about it.
  /// - Returns: What becomes of it.
  package mutating func admit(_ id: RequestID, as kind: Kind = .read) -> Admission {
    guard live.insert(id).inserted else { return .duplicate }
    defer { next += 1 }
    guard kind == .barrier else {
      running.append(next)
      if kind == .edit { edits.append(next) }
      guard kind == .read, !edits.isEmpty else { return .run(next) }
      reads.append(Due(number: next, request: id))
      return .wait(next)
    }
    let isDue = running.isEmpty && barriers.isEmpty
    if isDue { running.append(next) } else { barriers.append(Due(number: next, request: id, isBarrier: true)) }
    return .barrier(next, isDue: isDue)
  }

  /// Frees an id, just before its answer goes out: whoever has read the answer may use it again.
  package mutating func release(_ id: RequestID) {
    live.remove(id)
  }

  /// Notes that a request is answered.
  ///
  /// - Parameter number: From its admission.
  /// - Returns: Reads and barriers that had only been waiting for it; they are in progress now.
  package mutating func finish(_ number: Int) -> [Due] {
    running.removeAll { $0 == number }
    var due = readsDue(after: number)
    while let barrier = barriers.first, running.allSatisfy({ $0 > barrier.number }) {
      barriers.removeFirst()
      due.append(barrier)
      running.append(barrier.number)
      // The next barrier waits for this one.
      break
    }
    return due
  }

  /// Reads before which no edit is in progress any more.
  private mutating func readsDue(after number: Int) -> [Due] {
    guard let place = edits.firstIndex(of: number) else { return [] }
    edits.remove(at: place)
    let first = edits.min() ?? .max
    let due = reads.filter { $0.number < first }
    reads.removeAll { $0.number < first }
    return due
  }
}
