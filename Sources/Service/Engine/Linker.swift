import Foundation
import Synchronization
import VectorIndex
import VectorKernels

/// Links rows to the graph that came after it was built, so that they need not be compared one by one for long.
///
/// Works in the background on the state of the moment; searches go on meanwhile and compare what is not linked yet exactly, so answers are
/// never behind. The longer graph takes the place of the old one in one step. Copying the old one costs the same for one row as for a
/// thousand, so rows are linked a hundred or more at a time, unless nothing more comes.
final class Linker: @unchecked Sendable {
  private let index: NearestNeighborIndex
  private let threads: Int
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var isAwake = false
  /// Hears of rows that were linked; set before the first are.
  var onLinked: @Sendable () -> Void = {}
  private var isRunning = false
  private var isClosed = false

  /// Rows that are worth a copy of the graph: comparing a hundred with every query costs about as much as copying a hundred thousand nodes
  /// ten times a second.
  private static func worthwhile(of count: Int) -> Int { max(100, count / 2048) }
  /// How long fewer rows wait for company.
  private static let patience = 0.5
  /// Rows linked at a time, after which the graph is published.
  private static let slice = 16_384
  /// Rows from which on all processors help.
  private static let bulk = 4_096

  /// A linker that waits for ``wake()``.
  init(_ index: NearestNeighborIndex, threads: Int) {
    (self.index, self.threads) = (index, threads)
  }

  /// Says that rows may have come.
  func wake() {
    let state = index.snapshot
    guard let graph = state.graph, graph.count < state.count else { return }
    condition.lock()
    defer { condition.unlock() }
    guard !isClosed else { return }
    isAwake = true
    condition.signal()
    if !isRunning {
      isRunning = true
      start()
    }
  }

  /// Ends the thread; what is not linked stays so.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  /// Links everything that there is to link, and returns when that is done.
  func linkAll() {
    while link() {}
  }

  private func start() {
    let thread = Thread { [self] in
      while waitForRows() {
        while link() {}
        onLinked()
      }
    }
    thread.name = "linker"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// Waits for enough rows, or for fewer that nobody follows; false at the end.
  private func waitForRows() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isAwake, !isClosed { condition.wait() }
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while !isClosed, !hasEnough, condition.wait(until: deadline) {}
    isAwake = false
    return !isClosed
  }

  private var hasEnough: Bool {
    let state = index.snapshot
    guard let graph = state.graph else { return false }
    return state.count - graph.count >= Self.worthwhile(of: state.count)
  }

  /// Links some rows; false where there were none.
  private func link() -> Bool {
    let state = index.snapshot
    guard let graph = state.graph, graph.count < state.count else { return false }
    let count = min(state.count, graph.count + Self.slice)
    let workers = WorkerPool(width: count - graph.count >= Self.bulk ? threads : 1)
    let longer = IndexBuilder(state, workers: workers).insert(into: graph, upTo: count)
    index.update { state in
      // Another snapshot may have been adopted meanwhile, with a graph of its own.
      if state.graph === graph { state.attach(longer) }
    }
    return true
  }
}
