import VectorIndex
import WireProtocol

/// Requests that the reader's thread answers itself.
///
/// Waking another thread takes as long as a search, twice as long where its processor sleeps. So a brief request that comes alone, while nothing else
/// is in progress, is answered where it was read. What may take long never is: the reader must be back before anybody could want to cancel it, or to know how
/// the engine is.
extension Conversation {
  /// Answers what came last, where it came alone and is brief.
  ///
  /// - Parameter hasMore: Whether others follow it already: then it is better answered together with them.
  func answerAtOnce(unless hasMore: () -> Bool) {
    if let job = held {
      guard let edit = job.edit, !hasMore() else { return }
      if handler.editor.performNow(edit, deadline: job.interruption.deadline, finish: { self.answer($0, to: job) }) {
        held = nil
      }
    } else if ready.count == 1, handler.isBrief(ready[0]), !hasMore(), queue.enter(lane) {
      let job = ready.removeLast()
      work(on: [job], &desk)
      queue.leave(lane)
    }
  }
}

extension RequestHandler {
  /// Whether a search is done in a fraction of a millisecond: on the graph as it was calibrated, or among few rows, and with nothing to read first.
  func isBrief(_ job: Job) -> Bool {
    guard job.canJoin, case .search(let request) = job.request.body, request.k <= 200 else { return false }
    guard request.beamWidth ?? 0 <= 1000, request.targetRecall ?? 0 <= 0.999, engine.isUpToDate() else { return false }
    let snapshot = engine.snapshot
    let walks = request.exact != true && snapshot.liveCount >= snapshot.count / 4 * 3
    let scanned = walks ? snapshot.count - (snapshot.graph?.count ?? 0) : snapshot.count
    return scanned * engine.layout.stride <= Self.briefScan
  }

  /// Bytes of rows that are compared in about 0.1 ms.
  private static let briefScan = 2 << 20
}
