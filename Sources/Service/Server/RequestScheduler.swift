import WireProtocol

/// Which requests of a stream are in progress, and what has to wait for which.
///
/// Pure: no thread, no clock, no I/O.
///
/// Every request gets a number when it arrives. Reads run in any order; a barrier is due when everything that arrived before it is finished.
package struct RequestScheduler {
  /// What becomes of a request that arrives.
  package enum Admission: Equatable {
    /// It may run, under this number.
    case run(Int)
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
  }

  private var next = 0
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
  ///   - isBarrier: Whether everything before it must be finished first.
  /// - Returns: What becomes of it.
  package mutating func admit(_ id: RequestID, isBarrier: Bool = false) -> Admission {
    guard live.insert(id).inserted else { return .duplicate }
    defer { next += 1 }
    guard isBarrier else {
      running.append(next)
      return .run(next)
    }
    let isDue = running.isEmpty && barriers.isEmpty
    if isDue { running.append(next) } else { barriers.append(Due(number: next, request: id)) }
    return .barrier(next, isDue: isDue)
  }

  /// Frees an id, just before its answer goes out: whoever has read the answer may use it again.
  package mutating func release(_ id: RequestID) {
    live.remove(id)
  }

  /// Notes that a request is answered.
  ///
  /// - Parameter number: From its admission.
  /// - Returns: Barriers that had only been waiting for it; they are in progress now.
  package mutating func finish(_ number: Int) -> [Due] {
    running.removeAll { $0 == number }
    var due: [Due] = []
    while let barrier = barriers.first, running.allSatisfy({ $0 > barrier.number }) {
      barriers.removeFirst()
      due.append(barrier)
      running.append(barrier.number)
      // The next barrier waits for this one.
      break
    }
    return due
  }
}
