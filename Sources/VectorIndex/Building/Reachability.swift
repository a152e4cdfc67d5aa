/// Makes sure that every node can be reached from the entry points: what no walk can reach, no search can find.
struct Reachability {
  let codes: CodeStore
  let rows: RowStore

  /// The beam in which a reachable neighbour is looked for.
  private static let width = 32

  /// Adds edges until every node is reachable.
  ///
  /// An unreachable node gets an edge from the nearest reachable node that has a free place; where none of them has, the node becomes an
  /// entry point.
  ///
  /// - Parameters:
  ///   - table: The edges, which gain some.
  ///   - nodes: The rows that must be reachable.
  ///   - entries: Where walks begin.
  ///   - copies: Handed through.
  /// - Returns: The finished graph.
  /// - Complexity: O(*n* · *R*), and a walk for every unreachable node.
  func repair(
    _ table: consuming EdgeTable, nodes: [UInt32], entries: [UInt32], copies: CopyLists
  ) -> ProximityGraph {
    let (count, degree) = (table.count, table.maxDegree)
    var reached = Bitmap(count: count)
    Self.flood(from: entries, over: table, &reached)
    var entries = entries
    let lost = nodes.filter { !reached[$0] }
    if !lost.isEmpty {
      // Walks see the graph as it was; edges are added to the table beside it.
      let draft = ProximityGraph(
        edges: MemoryBlock(copying: table), maxDegree: degree, entryPoints: MemoryBlock(copying: entries),
        copies: .empty, count: count)
      let walker = BuildWalker(codes: codes, rows: rows, degree: degree, width: Self.width)
      for node in lost where !reached[node] {
        walker.walk(draft, towards: node, width: Self.width)
        if !Self.attach(node, to: walker, &table, reached) { entries.append(node) }
        Self.flood(from: [node], over: table, &reached)
      }
    }
    return ProximityGraph(
      edges: table.seal(), maxDegree: degree, entryPoints: MemoryBlock(copying: entries.sorted()), copies: copies,
      count: count)
  }

  /// Gives a reachable neighbour an edge to `node`; false where none has a free place.
  private static func attach(
    _ node: UInt32, to walker: BuildWalker, _ table: inout EdgeTable, _ reached: Bitmap
  ) -> Bool {
    for place in 0..<walker.searcher.beam.count {
      let neighbor = walker.searcher.beam.ordinal(at: place)
      guard neighbor != node, reached[neighbor] else { continue }
      let edges = unsafe table.places(of: Int(neighbor))
      // SAFETY: a row has `maxDegree` places.
      for edge in 0..<table.maxDegree where unsafe edges[edge] == ProximityGraph.none {
        unsafe edges[edge] = node
        return true
      }
    }
    return false
  }

  /// Marks everything that can be reached.
  static func flood(from entries: [UInt32], over table: borrowing EdgeTable, _ reached: inout Bitmap) {
    var stack = entries.filter { !reached[$0] }
    for entry in stack { reached.insert(entry) }
    var neighbors: [UInt32] = []
    while let node = stack.popLast() {
      neighbors.removeAll(keepingCapacity: true)
      table.appendNeighbors(of: Int(node), to: &neighbors)
      for neighbor in neighbors where !reached[neighbor] {
        reached.insert(neighbor)
        stack.append(neighbor)
      }
    }
  }
}
