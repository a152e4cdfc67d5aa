/// What codes and graph of an index consist of, for people and for tests.
public struct IndexStatistics: Hashable, Sendable {
  /// Rows that the index covers, removed ones among them.
  public let rows: Int
  /// Rows that are nodes of the graph.
  public let nodes: Int
  /// Rows that are copies of a node.
  public let copies: Int
  /// Edges of all nodes together.
  public let edges: Int
  /// Rows that no walk can reach, although they are live: 0 after every build and insertion.
  public let unreachable: Int
  /// Nodes that walks begin at.
  public let entryPoints: Int
  /// What codes consist of.
  public let format: CodeFormat
  /// Bytes that the code of a row takes, with the numbers beside it.
  public let codeBytesPerRow: Int
  /// Bytes that the edges of a row take, free places included.
  public let edgeBytesPerRow: Int

  /// Edges of a node, on average.
  public var meanDegree: Double { nodes == 0 ? 0 : Double(edges) / Double(nodes) }
}

extension GraphIndex {
  /// Counts nodes, copies, edges and what cannot be reached.
  ///
  /// - Parameter live: The rows that are neither removed nor replaced.
  /// - Returns: The counts.
  /// - Complexity: O(*n* · *R*).
  public func statistics(live: Bitmap) -> IndexStatistics {
    let answerable = graph.withCopies(graph.reachableNodes)
    var unreachable = Bitmap(count: count)
    unreachable.formUnion(live)
    unreachable.subtract(answerable)
    return IndexStatistics(
      rows: count, nodes: graph.nodes.count, copies: graph.copies.count, edges: graph.edgeCount,
      unreachable: unreachable.population, entryPoints: graph.entryPoints.count, format: codes.quantizer.format,
      codeBytesPerRow: codes.quantizer.rowBytes + (codes.terms == nil ? 0 : MemoryLayout<RowTerm>.stride),
      edgeBytesPerRow: graph.maxDegree * MemoryLayout<UInt32>.stride)
  }
}
