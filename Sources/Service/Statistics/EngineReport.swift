import Catalogue
import VectorIndex
import VectorKernels
import WireProtocol

/// Everything that `engine.stats` and the metrics file tell, of one moment.
struct EngineReport {
  let tally: Tally
  let usage = ProcessUsage.now
  /// When the engine started, in seconds since 1970.
  let startTime: Double
  /// Edits that wait for the editor.
  let editsWaiting: Int
  let snapshot: IndexSnapshot
  let snapshotNumber: Int
  let sequence: Int64
  let threads: Int
  let log: Log.Counts
  let metricsFailures: Int

  /// Rows that searches compare one by one, since no graph has them.
  var unlinkedRows: Int { snapshot.count - (snapshot.graph?.count ?? 0) }

  /// The methods that were asked, in the order of the protocol.
  var methods: [(name: WireProtocol.Method, tally: MethodTally)] {
    WireProtocol.Method.allCases.compactMap { method in tally.methods[method].map { (method, $0) } }
  }
}

extension RequestHandler {
  /// Looks at everything.
  func report() -> EngineReport {
    let snapshot = engine.index.snapshot
    return EngineReport(
      tally: statistics.tally(), startTime: statistics.startTime, editsWaiting: editor.waitingCount, snapshot: snapshot,
      snapshotNumber: engine.snapshotNumber ?? 0, sequence: snapshot.sequence, threads: engine.workers.width,
      log: statistics.log?.counts ?? Log.Counts(), metricsFailures: statistics.metricsFailures)
  }
}
