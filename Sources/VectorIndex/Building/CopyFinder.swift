/// Finds the rows that are exact copies of an earlier one.
enum CopyFinder {
  /// Groups rows by their stored bytes.
  ///
  /// - Parameters:
  ///   - rows: The store.
  ///   - included: The rows that count.
  ///   - workers: Who reads.
  /// - Returns: The first row of each group, ascending, and the others as lists that begin there.
  /// - Complexity: O(*n* · *d* + *n* log *n*).
  static func find(in rows: RowStore, among included: [UInt32], workers: WorkerPool) -> (
    nodes: [UInt32], copies: CopyLists
  ) {
    let ordered = byChecksum(rows, included, workers)
    var next = [UInt32](repeating: ProximityGraph.none, count: rows.count)
    var isCopy = Bitmap(count: rows.count)
    var start = 0
    while start < ordered.count {
      var end = start + 1
      while end < ordered.count, ordered[end] >> 32 == ordered[start] >> 32 { end += 1 }
      if end - start > 1 {
        chain(ordered[start..<end].map { UInt32(truncatingIfNeeded: $0) }, rows, &next, &isCopy)
      }
      start = end
    }
    let nodes = included.filter { !isCopy[$0] }
    guard nodes.count < included.count else { return (nodes, .empty) }
    return (nodes, CopyLists(next: MemoryBlock(copying: next), count: included.count - nodes.count))
  }

  /// Checksum in the upper half, ordinal in the lower, sorted.
  private static func byChecksum(_ rows: RowStore, _ included: [UInt32], _ workers: WorkerPool) -> [UInt64] {
    var keys = [UInt64](repeating: 0, count: included.count)
    let block = 4096
    unsafe keys.withUnsafeMutableBufferPointer { keys in
      // SAFETY: each task writes its own places.
      nonisolated(unsafe) let keys = unsafe keys
      workers.run(tasks: (included.count + block - 1) / block) { task, _ in
        for index in task * block..<min(included.count, (task + 1) * block) {
          unsafe keys[index] = UInt64(rows.checksum(of: Ordinal(included[index]))) << 32 | UInt64(included[index])
        }
      }
    }
    keys.sort()
    return keys
  }

  /// Links rows with the same checksum that have the same bytes.
  private static func chain(
    _ candidates: [UInt32], _ rows: RowStore, _ next: inout [UInt32], _ isCopy: inout Bitmap
  ) {
    var lasts: [UInt32] = []
    for row in candidates {
      if let index = lasts.firstIndex(where: { areEqual($0, row, in: rows) }) {
        next[Int(lasts[index])] = row
        isCopy.insert(row)
        lasts[index] = row
      } else {
        lasts.append(row)
      }
    }
  }

  /// Whether two rows have the same stored bytes.
  static func areEqual(_ a: UInt32, _ b: UInt32, in rows: RowStore) -> Bool {
    rows.withBytes(of: Ordinal(a)) { first in
      rows.withBytes(of: Ordinal(b)) { second in
        first.indices.allSatisfy { first[$0] == second[$0] }
      }
    }
  }
}
