import Foundation
import WireProtocol

/// The requests of one stream that wait for a worker; guarded by the lock of its queue.
final class Lane {
  fileprivate var jobs: [Job] = []
  fileprivate var head = 0
  /// Workers that are busy with it.
  fileprivate var running = 0
  /// Answers them; it owns this lane, and lives for as long as something is in it.
  unowned var conversation: Conversation?
  /// Bounds the answers that nobody has read.
  fileprivate let window: Window

  init(window: Window) { self.window = window }

  fileprivate var count: Int { jobs.count - head }

  fileprivate func add(_ new: [Job], first: Bool) {
    if head == jobs.count {
      jobs.removeAll(keepingCapacity: true)
      head = 0
    }
    if first { jobs.insert(contentsOf: new, at: head) } else { jobs.append(contentsOf: new) }
  }
}

/// Requests on their way to the workers: streams take turns, so that none makes another wait for long.
///
/// Where several streams share the workers there is one worker more than there are processors to use. While all others are busy it takes only from a stream
/// with which none is: so one that asks for much at a time does not hold up another.
///
/// Bounded by the windows of the streams. A stream whose answers nobody reads is passed over until some are read.
///
/// Several searches that ask the same of different vectors are taken together where there are more than workers: the index searches them
/// faster in one call, and their answers leave in one write.
///
/// - Concurrency: Any thread may put and take.
package final class WorkQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private let width: Int
  // Guarded by `condition`.
  private var turn: [Lane] = []
  private var ready = 0
  private var idle = 0
  private var busy = 0
  private var isClosed = false

  /// Searches that are taken together at most.
  private static let together = 16

  /// An empty queue.
  ///
  /// - Parameter width: How many workers take from it, but for one more where streams share them.
  package init(width: Int = 1) { self.width = width }

  /// Puts jobs of one stream, all under one lock, and wakes as many workers as there is work for.
  ///
  /// - Parameters:
  ///   - new: The jobs, in their order.
  ///   - lane: Their stream.
  ///   - first: Whether they came before everything that is there: they had to wait for others.
  func put(_ new: [Job], in lane: Lane, first: Bool = false) {
    guard !new.isEmpty else { return }
    condition.lock()
    if lane.count == 0 { turn.append(lane) }
    lane.add(new, first: first)
    ready += new.count
    for _ in 0..<min(idle, new.count) { condition.signal() }
    condition.unlock()
  }

  /// Takes a job back.
  ///
  /// - Returns: False where a worker has it already.
  func remove(_ job: Job, from lane: Lane) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard let place = lane.jobs[lane.head...].firstIndex(where: { $0 === job }) else { return false }
    lane.jobs.remove(at: place)
    ready -= 1
    if lane.count == 0 { turn.removeAll { $0 === lane } }
    return true
  }

  /// Takes the oldest job of the stream whose turn it is, and those after it that can be searched with it; waits for one.
  ///
  /// - Parameter batch: Gets them.
  /// - Returns: Their stream; nil once the queue is closed.
  func take(into batch: inout [Job]) -> Lane? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let lane = nextLane() {
        lane.running += 1
        busy += 1
        take(from: lane, into: &batch)
        if lane.count > 0 { turn.append(lane) }
        return lane
      }
      if isClosed { return nil }
      idle += 1
      condition.wait()
      idle -= 1
    }
  }

  /// Makes the calling thread a worker for one request of a stream, if nothing waits and a processor is free for it.
  ///
  /// - Returns: Whether it is one now, until ``leave(_:)``.
  func enter(_ lane: Lane) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard ready == 0, busy < width, !lane.window.isClogged, !isClosed else { return false }
    lane.running += 1
    busy += 1
    return true
  }

  /// Says that what was taken is done.
  func leave(_ lane: Lane) {
    condition.lock()
    lane.running -= 1
    busy -= 1
    // Somebody may have been passed over for the sake of others.
    if busy + 1 == width, idle > 0, !turn.isEmpty { condition.signal() }
    condition.unlock()
  }

  /// Says that no more jobs come.
  package func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  /// Says that a stream that was passed over need not be any more.
  func look() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Works until the queue is closed.
  package func work() {
    var batch: [Job] = []
    var desk = WorkDesk()
    while let lane = take(into: &batch) {
      lane.conversation?.work(on: batch, &desk)
      batch.removeAll(keepingCapacity: true)
      leave(lane)
    }
  }

  private func nextLane() -> Lane? {
    let isCrowded = busy >= width
    guard let place = turn.firstIndex(where: { !$0.window.isClogged && !(isCrowded && $0.running > 0) }) else {
      return nil
    }
    return turn.remove(at: place)
  }

  private func take(from lane: Lane, into batch: inout [Job]) {
    let first = lane.jobs[lane.head]
    batch.append(first)
    lane.head += 1
    ready -= 1
    // A share for every worker, so that all of them search.
    let share = min(Self.together, (ready + 1 + width - 1) / width)
    guard share > 1, first.canJoin else { return }
    while batch.count < share, lane.count > 0, lane.jobs[lane.head].canJoin, lane.jobs[lane.head].asksTheSame(as: first)
    {
      batch.append(lane.jobs[lane.head])
      lane.head += 1
      ready -= 1
    }
  }
}

/// What a worker keeps from request to request.
struct WorkDesk: ~Copyable {
  var encoder = AnswerEncoder()
  /// Where each of several answers ends.
  var ends: [Int] = []
  /// Vectors of several requests, one after another.
  var numbers: [Float] = []
}
