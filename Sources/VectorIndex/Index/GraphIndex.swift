import Synchronization

/// Codes and graph of the first rows of an index, and what was measured when they were built: everything that an approximate search
/// reads.
///
/// Immutable. Rows that came later are not in it; they are scanned.
public final class GraphIndex: Sendable {
  /// Short codes of the rows.
  let codes: CodeStore
  /// Which rows lie near which.
  let graph: ProximityGraph
  /// Which beam reaches which recall.
  public let calibration: Calibration
  /// The formats of codes that were tried, the chosen one first; empty where the format was given.
  public let trials: [FormatTrial]
  /// How every node is reached, where that is known: spares the next insertion a search of the whole graph.
  let forest: SpanningForest?
  let scratches = ScratchPool()
  /// Memory for copies of the codes that filters leave.
  let packing: MemoryBudget
  private let copied = Mutex<[UInt32]?>(nil)
  private let countedNodes = Mutex<Int?>(nil)

  /// How many rows are covered.
  public var count: Int { graph.count }

  init(
    codes: CodeStore, graph: ProximityGraph, calibration: Calibration, trials: [FormatTrial],
    forest: SpanningForest? = nil
  ) {
    precondition(codes.count == graph.count)
    self.forest = forest
    self.codes = codes
    self.graph = graph
    self.calibration = calibration
    self.trials = trials
    packing = MemoryBudget(bytes: max(codes.codes.count, 16 << 20))
  }

  /// How many of the rows are nodes: neither copies of others, nor removed before they could be linked.
  ///
  /// - Complexity: O(*n*) the first time, then O(1).
  var nodeCount: Int {
    countedNodes.withLock { known in
      let count = known ?? graph.nodes.count
      known = count
      return count
    }
  }

  /// Calls `body` with every node that has copies, and these.
  ///
  /// - Complexity: O(*n*) the first time where there are copies, then O(copies).
  func forEachCopied(_ body: (_ node: UInt32, _ copies: [UInt32]) -> Void) {
    guard graph.copies.next != nil else { return }
    let nodes = copied.withLock { known in
      let nodes = known ?? graph.copies.nodes
      known = nodes
      return nodes
    }
    for node in nodes { body(node, Array(graph.copies.of(node))) }
  }
}
