/// Lists of copies that grow.
struct CopyTable {
  private var next: [UInt32]
  private var count: Int

  /// The lists of a graph and those among rows that come after it, over `count` rows together.
  init(_ lists: CopyLists, and others: CopyLists, count: Int) {
    next = lists.next?.numbers ?? []
    next += repeatElement(ProximityGraph.none, count: count - next.count)
    if let added = others.next {
      for row in 0..<min(count, added.count) where added[row] != ProximityGraph.none { next[row] = added[row] }
    }
    self.count = lists.count + others.count
  }

  /// Makes a row, and with it its own copies, copies of a node.
  ///
  /// Rows come in ascending order, so that every list stays ascending.
  mutating func hang(_ row: UInt32, on node: UInt32) {
    next[Int(end(of: node))] = row
    count += 1
  }

  private func end(of node: UInt32) -> UInt32 {
    var last = node
    while next[Int(last)] != ProximityGraph.none { last = next[Int(last)] }
    return last
  }

  /// The finished lists.
  func seal() -> CopyLists {
    count == 0 ? .empty : CopyLists(next: MemoryBlock(copying: next), count: count)
  }
}
