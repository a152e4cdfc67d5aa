import Foundation

/// Hands blocks from the reader to the searching threads, from them to the writer in the order of their numbers, and back to the reader.
///
/// There is a fixed number of blocks: who reads waits for who writes, so that memory does not depend on the size of the input.
///
/// - Concurrency: Any thread may put and take.
final class BlockExchange: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var free: [ScanBlock]
  private var filled: [ScanBlock] = []
  private var done: [Int: ScanBlock] = [:]
  private var blockCount: Int?
  private var isStopped = false

  /// - Parameter blocks: How many there are.
  init(blocks: Int) {
    free = (0..<blocks).map { _ in ScanBlock() }
  }

  /// An empty block for the reader; nil when the scan is stopped.
  func takeFree() -> ScanBlock? {
    take { free.popLast() }
  }

  /// Rows to be searched for; nil when there are no more.
  func takeFilled() -> ScanBlock? {
    take {
      filled.isEmpty ? nil : filled.removeFirst()
    } until: {
      blockCount != nil
    }
  }

  /// The block of a number, searched for; nil when there is none.
  func takeDone(_ number: Int) -> ScanBlock? {
    take {
      done.removeValue(forKey: number)
    } until: {
      blockCount == number
    }
  }

  /// Gives a block that was written back.
  func putFree(_ block: ScanBlock) { put { free.append(block) } }

  /// Hands on rows that were read.
  func putFilled(_ block: ScanBlock) { put { filled.append(block) } }

  /// Hands on what was found.
  func putDone(_ block: ScanBlock) { put { done[block.number] = block } }

  /// Says that nothing more will be read.
  func finishReading(blockCount count: Int) { put { blockCount = count } }

  /// Wakes everybody up to go home.
  func stop() { put { isStopped = true } }

  private func put(_ body: () -> Void) {
    condition.lock()
    body()
    condition.broadcast()
    condition.unlock()
  }

  private func take(_ body: () -> ScanBlock?, until isOver: () -> Bool = { false }) -> ScanBlock? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped {
      if let block = body() { return block }
      if isOver() { return nil }
      condition.wait()
    }
    return nil
  }
}
