extension ProximityGraph {
  /// The nodes that a walk can reach from the entry points.
  ///
  /// - Complexity: O(*n* · *R*).
  var reachableNodes: Bitmap {
    var reached = Bitmap(count: count)
    var stack: [UInt32] = []
    func meet(_ node: UInt32) {
      guard node < count, !reached[node] else { return }
      reached.insert(node)
      stack.append(node)
    }
    for place in 0..<entryPoints.count { meet(entryPoints[place]) }
    while let node = stack.popLast() {
      for place in Int(node) * maxDegree..<(Int(node) + 1) * maxDegree {
        guard edges[place] != Self.none else { break }
        meet(edges[place])
      }
    }
    return reached
  }

  /// Some nodes and the copies that hang on them.
  func withCopies(_ nodes: Bitmap) -> Bitmap {
    guard copies.next != nil else { return nodes }
    var rows = nodes
    for node in nodes.ordinals {
      var copy = copies.after(node)
      while let row = copy {
        rows.insert(row)
        copy = copies.after(row)
      }
    }
    return rows
  }

  /// How many edges there are.
  var edgeCount: Int {
    (0..<edges.count).count { edges[$0] != Self.none }
  }
}
