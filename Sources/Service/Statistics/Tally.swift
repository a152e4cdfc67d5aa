import Histogram
import VectorIndex
import WireProtocol

/// What was counted, gathered from all threads.
struct Tally {
  var uptime = Duration.zero
  var requests = 0
  var answers = 0
  var bytesIn = 0
  var bytesOut = 0
  var inProgress = 0
  var commits = CommitTally()
  var methods: [WireProtocol.Method: MethodTally] = [:]
  var errors: [WireError.Kind: Int] = [:]
  var plans: [SearchPlan: Int] = [:]

  /// Lines whose answers have not gone out.
  var unanswered: Int { max(0, requests - answers) }
  /// Answers that were errors.
  var errorCount: Int { errors.values.reduce(0, +) }
  /// Vectors that were searched for.
  var vectorsSearched: Int { plans.values.reduce(0, +) }
}

/// What was counted of one method.
struct MethodTally {
  /// Nanoseconds from receipt until the answer was ready.
  var latencies: Histogram<UInt64>
  /// All of them together.
  var total: UInt64 = 0
  var errors = 0

  init() {
    latencies = Histogram(
      lowestDiscernibleValue: 100, highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .two)
  }

  /// A day; what takes longer counts as much.
  private static let longest: UInt64 = 86_400_000_000_000

  /// Counts one request.
  ///
  /// - Allocates: Nothing.
  mutating func count(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = min(UInt64(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)), Self.longest)
    latencies.record(nanoseconds)
    total &+= nanoseconds
  }

  /// Adds what another thread counted.
  mutating func add(_ other: MethodTally) {
    latencies.add(other.latencies)
    total &+= other.total
    errors += other.errors
  }
}

/// How many edits shared each commit.
struct CommitTally {
  private(set) var edits = 0
  private(set) var sizes = Histogram<UInt64>(highestTrackableValue: 1 << 20, numberOfSignificantValueDigits: .two)

  /// Commits that there were.
  var count: Int { Int(sizes.totalCount) }

  mutating func count(_ size: Int) {
    edits += size
    sizes.record(UInt64(max(0, size)))
  }
}
