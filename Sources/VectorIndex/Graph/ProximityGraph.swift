/// Which rows lie near which: a flat directed graph over ordinals that knows no vectors.
///
/// Every node has room for the same number of edges, so that a node's edges are found without a table. Rows that are exact copies of
/// another are no nodes: they hang on it as ``copies``.
///
/// Vamana (Subramanya et al. 2019), elsewhere called layer 0 of HNSW.
@safe
struct ProximityGraph: Sendable {
  /// Fills the places behind a node's last edge.
  static let none = UInt32.max

  /// ``maxDegree`` places a row; those behind the last edge hold ``none``.
  let edges: MemoryBlock<UInt32>
  /// Places a row.
  let maxDegree: Int
  /// Where walks begin: nodes that lie all over the data.
  let entryPoints: MemoryBlock<UInt32>
  /// Rows that equal a node.
  let copies: CopyLists
  /// How many rows the graph covers.
  let count: Int

  /// A graph.
  ///
  /// - Parameters:
  ///   - edges: `count` × `maxDegree` ordinals or ``none``.
  ///   - maxDegree: Places a row.
  ///   - entryPoints: Below `count`.
  ///   - copies: Of nodes of this graph.
  ///   - count: How many rows it covers.
  init(
    edges: MemoryBlock<UInt32>, maxDegree: Int, entryPoints: MemoryBlock<UInt32>, copies: CopyLists, count: Int
  ) {
    precondition(edges.count == count * maxDegree)
    self.edges = edges
    self.maxDegree = maxDegree
    self.entryPoints = entryPoints
    self.copies = copies
    self.count = count
  }

  /// The edges of a node.
  func neighbors(of node: UInt32) -> [UInt32] {
    var result: [UInt32] = []
    forEachNeighbor(of: node) { result.append($0) }
    return result
  }

  /// Calls `body` with the edges of a node.
  @inline(__always)
  func forEachNeighbor(of node: UInt32, _ body: (UInt32) -> Void) {
    for place in Int(node) * maxDegree..<(Int(node) + 1) * maxDegree {
      let neighbor = edges[place]
      guard neighbor != Self.none else { return }
      body(neighbor)
    }
  }

  /// Whether an edge leads from one node to another.
  func hasEdge(from node: UInt32, to other: UInt32) -> Bool {
    for place in Int(node) * maxDegree..<(Int(node) + 1) * maxDegree {
      let neighbor = edges[place]
      guard neighbor != Self.none else { return false }
      if neighbor == other { return true }
    }
    return false
  }

  /// The rows that are nodes, ascending: those with edges, and the entry points.
  ///
  /// - Complexity: O(*n*).
  var nodes: [UInt32] {
    var isNode = Bitmap(count: count)
    for row in 0..<count where edges[row * maxDegree] != Self.none { isNode.insert(UInt32(row)) }
    for place in 0..<entryPoints.count { isNode.insert(entryPoints[place]) }
    return isNode.ordinals
  }
}
