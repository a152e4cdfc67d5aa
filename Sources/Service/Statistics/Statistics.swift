import Foundation
import Synchronization
import VectorIndex
import WireProtocol

/// Counters since the start of the engine.
///
/// What every request counts goes to a ``TallyShard`` that its thread has almost for itself; a few counters that are read alone are atomic.
/// Nothing of it is gathered before somebody asks.
///
/// - Concurrency: Any thread may count at any time.
package final class Statistics: Sendable {
  private let started = ContinuousClock.now
  /// When the engine started, in seconds since 1970.
  let startTime = Date().timeIntervalSince1970
  private let requests = Atomic<Int>(0)
  private let answers = Atomic<Int>(0)
  private let bytesIn = Atomic<Int>(0)
  private let bytesOut = Atomic<Int>(0)
  private let inProgress = Atomic<Int>(0)
  private let failedMetrics = Atomic<Int>(0)
  private let commits = Mutex(CommitTally())
  private let shards = (0..<16).map { _ in TallyShard() }
  /// Where slow requests are told of; nothing is asked of it on the way of fast ones.
  let log: Log?
  private let slowness: Duration?
  private let isWatching: Bool
  /// Rings with every request and answer.
  let activity = ActivityBell()

  /// Nothing was counted yet.
  ///
  /// - Parameters:
  ///   - log: Hears of slow requests.
  ///   - slowness: How long a request takes that is slow; none is unless given.
  package init(log: Log? = nil, slowness: Duration? = nil) {
    (self.log, self.slowness) = (log, slowness)
    isWatching = slowness != nil || log?.level == .debug
  }

  /// Notes that a line was received.
  package func countRequest(bytes: Int) {
    bytesIn.add(bytes, ordering: .relaxed)
    // Before the bell: whoever is about to sleep sees the one or hears the other.
    requests.add(1, ordering: .sequentiallyConsistent)
    activity.ring()
  }

  /// Notes that answers go out.
  package func countOutput(bytes: Int, answers count: Int = 1) {
    bytesOut.add(bytes, ordering: .relaxed)
    answers.add(count, ordering: .sequentiallyConsistent)
    activity.ring()
  }

  /// Grows with every request and answer.
  var activityCount: Int {
    requests.load(ordering: .sequentiallyConsistent) + answers.load(ordering: .sequentiallyConsistent)
  }

  /// Notes that a request is worked on; answers how many are now.
  func begin() -> Int { inProgress.add(1, ordering: .relaxed).newValue }

  /// Notes that it is not any more.
  func end() { inProgress.subtract(1, ordering: .relaxed) }

  /// Notes that a request is answered.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - received: When it came.
  ///   - plan: How it was searched, where it was.
  ///   - now: When its answer is ready.
  package func count(
    _ request: Request, received: ContinuousClock.Instant, plan: String? = nil, now: ContinuousClock.Instant = .now
  ) {
    let duration = now - received
    shard.count(request.body.method, duration)
    guard let log, isWatching else { return }
    log.answered(request, duration, plan: plan)
    if let slowness, duration >= slowness { log.slow(request, duration, plan: plan) }
  }

  /// Notes that a request, or a line that was none, is answered with an error.
  func countError(_ kind: WireError.Kind, of method: WireProtocol.Method? = nil) { shard.count(kind, of: method) }

  /// Notes how vectors were searched.
  package func countSearch(_ plans: some Sequence<SearchPlan>) { shard.count(plans) }

  /// Notes that some edits share a commit.
  func countCommit(edits count: Int) { commits.withLock { $0.count(count) } }

  /// Notes that the metrics file could not be written.
  func countMetricsFailure() { failedMetrics.add(1, ordering: .relaxed) }

  /// Times that the metrics file could not be written.
  var metricsFailures: Int { failedMetrics.load(ordering: .relaxed) }

  /// The shard of this thread: of few threads some may share one.
  private var shard: TallyShard {
    // The numbers of threads are addresses; multiplying spreads them (Knuth, vol. 3, 6.4).
    let number = UInt64(truncatingIfNeeded: pthread_self()) &* 0x9E37_79B9_7F4A_7C15
    return shards[Int(number >> 60)]
  }

  /// Everything that was counted until now.
  func tally() -> Tally {
    var tally = Tally()
    for shard in shards { shard.add(to: &tally) }
    tally.uptime = ContinuousClock.now - started
    tally.requests = requests.load(ordering: .relaxed)
    tally.answers = answers.load(ordering: .relaxed)
    tally.bytesIn = bytesIn.load(ordering: .relaxed)
    tally.bytesOut = bytesOut.load(ordering: .relaxed)
    tally.inProgress = inProgress.load(ordering: .relaxed)
    tally.commits = commits.withLock { $0 }
    return tally
  }
}
