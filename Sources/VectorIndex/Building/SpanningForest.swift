/// For every node of a graph one edge by which it is reached, so that a graph that changed in a few places need not be searched whole.
///
/// Following these edges backwards from any node ends at an entry point.
struct SpanningForest: Sendable {
  /// The node at the other end of that edge; the node itself for entry points, ``ProximityGraph/none`` for rows that are not reached.
  private var parents: [UInt32]

  /// Searches a graph, breadth first, so that ways are short.
  ///
  /// - Complexity: O(*n* · *R*).
  init(of graph: ProximityGraph) {
    parents = [UInt32](repeating: ProximityGraph.none, count: graph.count)
    var queue = graph.entryPoints.numbers
    for entry in queue { parents[Int(entry)] = entry }
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      graph.forEachNeighbor(of: node) { neighbor in
        guard parents[Int(neighbor)] == ProximityGraph.none else { return }
        parents[Int(neighbor)] = node
        queue.append(neighbor)
      }
    }
  }

  /// Follows a graph that has grown.
  ///
  /// - Parameters:
  ///   - before: The graph that this forest is of.
  ///   - after: The same with more nodes, and with other edges at some of the old ones.
  ///   - changed: The old nodes that lost edges.
  ///   - added: The new nodes.
  /// - Returns: Whether every node is known to be reached. Where it is not, the forest is of no more use; some nodes may be lost, or be reached
  ///   only by edges that are not answered.
  /// - Complexity: O(*m* · *R*²) for *m* nodes that were changed or added, and O(*n*) at the speed of memory.
  mutating func follow(
    from before: ProximityGraph, to after: ProximityGraph, changed: [UInt32], added: [UInt32]
  ) -> Bool {
    parents += repeatElement(ProximityGraph.none, count: after.count - parents.count)
    for place in 0..<after.entryPoints.count { parents[Int(after.entryPoints[place])] = after.entryPoints[place] }
    var waiting = added.filter { parents[Int($0)] == ProximityGraph.none }
    for node in changed where Int(node) < before.count {
      before.forEachNeighbor(of: node) { neighbor in
        guard parents[Int(neighbor)] == node, neighbor != node, !after.hasEdge(from: node, to: neighbor) else { return }
        parents[Int(neighbor)] = ProximityGraph.none
        waiting.append(neighbor)
      }
    }
    while !waiting.isEmpty {
      let left = waiting.filter { !adopt($0, in: after) }
      guard left.count < waiting.count else { return false }
      waiting = left
    }
    return true
  }

  /// Finds a neighbour that is reached itself and has an edge back.
  private mutating func adopt(_ node: UInt32, in graph: ProximityGraph) -> Bool {
    var parent: UInt32?
    graph.forEachNeighbor(of: node) { neighbor in
      guard parent == nil, isReached(neighbor), graph.hasEdge(from: neighbor, to: node) else { return }
      parent = neighbor
    }
    guard let parent else { return false }
    parents[Int(node)] = parent
    return true
  }

  /// Whether the way back from a node ends at an entry point.
  private func isReached(_ node: UInt32) -> Bool {
    var node = node
    while true {
      let parent = parents[Int(node)]
      guard parent != node else { return true }
      guard parent != ProximityGraph.none else { return false }
      node = parent
    }
  }
}
