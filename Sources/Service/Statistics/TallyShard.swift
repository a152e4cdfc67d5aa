import Synchronization
import VectorIndex
import WireProtocol

/// What some threads counted.
///
/// Its lock is hardly ever contended: a thread counts in one shard, and there are more shards than threads that answer.
///
/// - Allocates: Once for every method, with its first request.
final class TallyShard: Sendable {
  private struct Counts {
    var methods = [MethodTally?](repeating: nil, count: WireProtocol.Method.allCases.count)
    var errors: [WireError.Kind: Int] = [:]
    var plans = [Int](repeating: 0, count: SearchPlan.allCases.count)
  }

  private let counts = Mutex(Counts())

  func count(_ method: WireProtocol.Method, _ duration: Duration) {
    counts.withLock { counts in
      if counts.methods[method.place] == nil { counts.methods[method.place] = MethodTally() }
      counts.methods[method.place]?.count(duration)
    }
  }

  func count(_ kind: WireError.Kind, of method: WireProtocol.Method?) {
    counts.withLock { counts in
      counts.errors[kind, default: 0] += 1
      guard let method else { return }
      if counts.methods[method.place] == nil { counts.methods[method.place] = MethodTally() }
      counts.methods[method.place]?.errors += 1
    }
  }

  func count(_ plans: some Sequence<SearchPlan>) {
    counts.withLock { counts in
      for plan in plans { counts.plans[plan.uncertainty] += 1 }
    }
  }

  /// Adds everything to what other shards counted.
  ///
  /// Under the lock: a copy that outlived it would make the next count copy too.
  func add(to tally: inout Tally) {
    counts.withLock { counts in
      for method in WireProtocol.Method.allCases {
        guard let mine = counts.methods[method.place] else { continue }
        tally.methods[method, default: MethodTally()].add(mine)
      }
      tally.errors.merge(counts.errors) { $0 + $1 }
      for plan in SearchPlan.allCases { tally.plans[plan, default: 0] += counts.plans[plan.uncertainty] }
    }
  }
}
