extension IndexBuilder {
  /// Adds rows that came since to an index: the same codes, more of them, and the same graph with the new rows linked to it.
  ///
  /// The cost grows with the number of new rows, but for a copy of codes and edges. New rows that equal rows of
  /// the index become copies of them where the walk towards them meets their equal, which it all but always does; otherwise they are
  /// nodes of their own.
  ///
  /// - Parameters:
  ///   - index: An index of the first rows of the snapshot; it stays as it is.
  ///   - newCount: How many rows the result covers; nil for all of the snapshot's.
  /// - Returns: An index that covers more rows.
  public func insert(into index: GraphIndex, upTo newCount: Int? = nil) -> GraphIndex {
    let count = newCount ?? max(index.count, snapshot.count)
    precondition(count >= index.count && count <= snapshot.rows.count, "rows that are not there")
    let codes = index.codes.extended(to: count, with: snapshot.rows, workers: workers)
    // Whoever has inserted before has kept the forest; a graph from a file may hold anything.
    let graph = index.forest == nil ? index.graph.withoutStrays() : index.graph
    let draft = GraphDraft(extending: graph, count: count)
    let inserter = GraphInserter(
      into: draft, configuration: configuration, codes: codes, rows: snapshot.rows,
      distances: StoredRows(snapshot.rows, metric: snapshot.metric), workers: workers)
    let arrivals = snapshot.live.ordinals.filter { (index.count..<count).contains(Int($0)) }
    let (fresh, among) = CopyFinder.find(in: snapshot.rows, among: arrivals, workers: workers)
    var copies = CopyTable(graph.copies, and: among, count: count)
    let added = link(fresh, inserter, beside: graph, &copies)
    let entries = Set(graph.entryPoints.numbers).union(EntryPoints.outliers(among: added, codes: codes))
    let longer = ProximityGraph(
      edges: draft.view.edges, maxDegree: configuration.maxDegree,
      entryPoints: MemoryBlock(copying: entries.sorted()), copies: copies.seal(), count: count)
    var forest = index.forest ?? SpanningForest(of: graph)
    let isWhole = forest.follow(from: graph, to: longer, changed: inserter.changedRows, added: added)
    return GraphIndex(
      codes: codes, graph: isWhole ? longer : repair(longer, codes: codes, nodes: graph.nodes + added),
      calibration: index.calibration, trials: index.trials, forest: isWhole ? forest : nil)
  }

  /// Links rows that were held out of a build; none of them equals a node.
  func link(
    _ heldOut: [UInt32], to graph: ProximityGraph, of nodes: [UInt32], codes: CodeStore, distances: any RowDistances
  ) -> ProximityGraph {
    guard !heldOut.isEmpty else { return graph }
    let draft = GraphDraft(extending: graph, count: graph.count)
    let inserter = GraphInserter(
      into: draft, configuration: configuration, codes: codes, rows: snapshot.rows, distances: distances,
      workers: workers)
    inserter.insertAll(heldOut, linked: nodes.count, findsCopies: false)
    let entries = Set(graph.entryPoints.numbers).union(EntryPoints.outliers(among: heldOut, codes: codes))
    return Reachability(codes: codes, rows: snapshot.rows).repair(
      draft.copyOfEdges(), nodes: nodes + heldOut, entries: entries.sorted(), copies: graph.copies)
  }

  /// Makes sure of every node where the spanning forest could not.
  private func repair(_ graph: ProximityGraph, codes: CodeStore, nodes: [UInt32]) -> ProximityGraph {
    Reachability(codes: codes, rows: snapshot.rows).repair(
      EdgeTable(copying: graph.edges, count: graph.count, maxDegree: graph.maxDegree), nodes: nodes,
      entries: graph.entryPoints.numbers, copies: graph.copies)
  }

  /// Inserts rows and answers those that became nodes.
  private func link(
    _ rows: [UInt32], _ inserter: GraphInserter, beside graph: ProximityGraph, _ copies: inout CopyTable
  ) -> [UInt32] {
    let found = inserter.insertAll(rows, linked: graph.count, findsCopies: true)
    for (copy, node) in found { copies.hang(copy, on: node) }
    let isCopy = Set(found.map(\.copy))
    return rows.filter { !isCopy.contains($0) }
  }
}

extension ProximityGraph {
  /// The same without edges that lead nowhere, which only a damaged file holds.
  ///
  /// Walks pass over such edges; whoever changes edges measures all of a row's, and must find none.
  ///
  /// - Complexity: O(*n* · *R*), at the speed of memory.
  fileprivate func withoutStrays() -> ProximityGraph {
    let table = EdgeTable(copying: edges, count: count, maxDegree: maxDegree)
    table.dropStrays()
    return ProximityGraph(
      edges: table.seal(), maxDegree: maxDegree, entryPoints: entryPoints, copies: copies, count: count)
  }
}
