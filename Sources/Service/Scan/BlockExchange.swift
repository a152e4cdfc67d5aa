import Foundation

/// Hands blocks from the reader to the searching threads, from them to the writer in the order of their numbers, and back to the reader.
///
/// There is a fixed number of blocks: who reads waits for who writes, so that memory does not depend on the size of the input. Nobody is woken who would find
/// nothing to do, and the reader only when there is some room to fill: all of them share processors with those that search.
///
/// - Concurrency: Any thread may put, and as many as there are may take filled blocks; one takes free ones, one those that are done.
final class BlockExchange: @unchecked Sendable {
  private let room: Int
  // Each guarded by itself.
  private let free: Station<[ScanBlock]>
  private let filled = Station<[ScanBlock]>([])
  private let done = Station<[Int: ScanBlock]>([:])

  /// - Parameter blocks: How many there are.
  init(blocks: Int) {
    room = max(1, blocks / 3)
    free = Station((0..<blocks).map { _ in ScanBlock() })
  }

  /// An empty block for the reader; nil when the scan is stopped.
  func takeFree() -> ScanBlock? {
    free.take { $0.popLast() }
  }

  /// Rows to be searched for; nil when there are no more.
  func takeFilled() -> ScanBlock? {
    filled.take {
      $0.isEmpty ? nil : $0.removeFirst()
    } until: {
      $0 != nil
    }
  }

  /// The block of a number, searched for; nil when there is none.
  func takeDone(_ number: Int) -> ScanBlock? {
    done.take(number) {
      $0.removeValue(forKey: number)
    } until: {
      $0 == number
    }
  }

  /// Gives a block that was written back.
  func putFree(_ block: ScanBlock) {
    free.put {
      $0.append(block)
      return $0.count >= room
    }
  }

  /// Hands on rows that were read.
  func putFilled(_ block: ScanBlock) {
    filled.put {
      $0.append(block)
      return true
    }
  }

  /// Hands on what was found.
  func putDone(_ block: ScanBlock) {
    done.put(block.number) {
      $0[block.number] = block
      return true
    }
  }

  /// Says that nothing more will be read.
  func finishReading(blockCount count: Int) {
    filled.end(at: count)
    done.end(at: count)
  }

  /// Wakes everybody up to go home.
  func stop() {
    free.stop()
    filled.stop()
    done.stop()
  }
}

/// Blocks that wait for those who take them.
private final class Station<Blocks>: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var blocks: Blocks
  private var isStopped = false
  /// How many blocks there are in all, once that is known.
  private var total: Int?
  /// Which block is waited for, where only one will do.
  private var awaited: Int?

  init(_ blocks: Blocks) { self.blocks = blocks }

  /// Adds a block.
  ///
  /// - Parameters:
  ///   - number: Its number, where it matters which one it is.
  ///   - add: Adds it; answers whether that is worth waking somebody.
  func put(_ number: Int? = nil, _ add: (inout Blocks) -> Bool) {
    condition.lock()
    if add(&blocks), number == awaited || number == nil { condition.signal() }
    condition.unlock()
  }

  /// Says how many blocks there are in all.
  func end(at count: Int) {
    condition.lock()
    total = count
    condition.broadcast()
    condition.unlock()
  }

  /// Sends everybody home.
  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  /// Takes a block, and waits for one.
  ///
  /// - Parameters:
  ///   - number: Which one, where only one will do.
  ///   - find: Takes it, if it is there.
  ///   - isOver: Whether none will come, given how many there are in all.
  /// - Returns: The block; nil where none will come.
  func take(
    _ number: Int? = nil, _ find: (inout Blocks) -> ScanBlock?, until isOver: (Int?) -> Bool = { _ in false }
  ) -> ScanBlock? {
    condition.lock()
    defer { condition.unlock() }
    awaited = number
    while !isStopped {
      if let block = find(&blocks) { return block }
      if isOver(total) { return nil }
      condition.wait()
    }
    return nil
  }
}
