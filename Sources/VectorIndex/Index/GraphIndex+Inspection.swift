// What tests see of codes and graph.
extension GraphIndex {
  /// All codes, row after row.
  package var codeBytes: [UInt8] { codes.codes.numbers }

  /// All places for edges, row after row.
  package var edgePlaces: [UInt32] { graph.edges.numbers }

  /// Checks everything that walks and answers rely on.
  ///
  /// - Throws: What is wrong first.
  package func checkInvariants() throws {
    try graph.checkInvariants()
  }
}

/// A graph that a test makes up, to see what the check of invariants finds.
package struct GraphSketch {
  package var maxDegree = 2
  package var edges: [UInt32]
  package var entryPoints: [UInt32]
  package var next: [UInt32]?
  package var copyCount = 0

  package init(edges: [UInt32], entryPoints: [UInt32]) {
    self.edges = edges
    self.entryPoints = entryPoints
  }

  /// The name of the first violation; nil for a sound graph.
  package var violation: String? {
    let copies = next.map { CopyLists(next: MemoryBlock(copying: $0), count: copyCount) } ?? .empty
    let graph = ProximityGraph(
      edges: MemoryBlock(copying: edges), maxDegree: maxDegree, entryPoints: MemoryBlock(copying: entryPoints),
      copies: copies, count: edges.count / maxDegree)
    do throws(ProximityGraph.Violation) {
      try graph.checkInvariants()
      return nil
    } catch {
      return "\(error)"
    }
  }
}
