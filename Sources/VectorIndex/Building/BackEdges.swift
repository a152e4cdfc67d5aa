/// The edges of some nodes, grouped by target: what has to be answered.
struct BackEdges: Sendable {
  /// Target in the upper half, source in the lower, ascending.
  private let pairs: [UInt64]
  /// Where the pairs of each target begin, and at last their end.
  private let starts: [Int]

  /// Groups the edges of `nodes`.
  ///
  /// - Complexity: O(*e* log *e*) for *e* edges.
  init(of nodes: MemoryBlock<UInt32>, in table: borrowing EdgeTable) {
    var pairs: [UInt64] = []
    var targets: [UInt32] = []
    for index in 0..<nodes.count {
      targets.removeAll(keepingCapacity: true)
      table.appendNeighbors(of: Int(nodes[index]), to: &targets)
      for target in targets { pairs.append(UInt64(target) << 32 | UInt64(nodes[index])) }
    }
    pairs.sort()
    var starts: [Int] = []
    for index in pairs.indices where index == 0 || pairs[index] >> 32 != pairs[index - 1] >> 32 {
      starts.append(index)
    }
    starts.append(pairs.count)
    (self.pairs, self.starts) = (pairs, starts)
  }

  /// How many rows have to answer.
  var targetCount: Int { starts.count - 1 }

  /// The row that has to answer.
  func target(_ index: Int) -> UInt32 { UInt32(pairs[starts[index]] >> 32) }

  /// The nodes whose edges it answers, ascending.
  func sources(_ index: Int) -> some Sequence<UInt32> {
    pairs[starts[index]..<starts[index + 1]].lazy.map { UInt32(truncatingIfNeeded: $0) }
  }
}
