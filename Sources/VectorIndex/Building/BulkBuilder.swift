/// Builds a graph of many rows at once: candidates from products of matrices, then from one walk a row.
///
/// Products over overlapping leaves give every row near candidates at the speed of BLAS, and with them a first graph. One walk for each row
/// on that graph, which comes from entry points far away, finds what leaves have parted; with it edges are chosen once more.
///
/// PiPNN (2026) for the leaves; the second pass is that of Vamana (Subramanya et al. 2019).
struct BulkBuilder: GraphBuilding {
  let configuration: IndexConfiguration
  let rows: RowStore
  let codes: CodeStore
  let bytes: ByteRows
  let workers: WorkerPool

  func build<Failure: Error>(
    _ nodes: [UInt32], copies: CopyLists, progress: (BuildStep) throws(Failure) -> Void,
    tick: (BuildStep, Double) -> Void
  ) throws(Failure) -> ProximityGraph {
    let entries = EntryPoints.draw(configuration.entryPoints, from: nodes, codes: codes, seed: configuration.seed)
    let linker = GraphLinker(rows: bytes, configuration: configuration, workers: workers)
    try progress(.leaves)
    let first = firstGraph(nodes, linker, tick)
    try progress(.walks)
    let draft = ProximityGraph(
      edges: first.seal(), maxDegree: configuration.maxDegree, entryPoints: MemoryBlock(copying: entries),
      copies: copies, count: rows.count)
    let second = secondGraph(nodes, draft, linker, tick)
    try progress(.reachability)
    return Reachability(codes: codes, rows: rows).repair(
      second, nodes: nodes, entries: entries, copies: copies)
  }

  private func firstGraph(
    _ nodes: [UInt32], _ linker: GraphLinker, _ tick: (BuildStep, Double) -> Void
  ) -> EdgeTable {
    let partition = LeafPartition(
      rows: rows, form: codes.quantizer.form, leafSize: configuration.leafSize, seed: configuration.seed)
    let neighbors = LeafNeighbors(
      partition, nodes: nodes, count: rows.count, overlap: configuration.leafOverlap,
      width: configuration.leafNeighbors, workers: workers, tick: { tick(.leaves, 0.7 * $0) })
    return linker.link(nodes, tick: { tick(.leaves, 0.7 + 0.3 * $0) }) { row, _, list in
      neighbors.append(of: Int(row), to: &list)
    }
  }

  private func secondGraph(
    _ nodes: [UInt32], _ draft: ProximityGraph, _ linker: GraphLinker, _ tick: (BuildStep, Double) -> Void
  ) -> EdgeTable {
    let walkers = (0..<workers.width).map { _ in
      BuildWalker(codes: codes, rows: rows, degree: configuration.maxDegree, width: configuration.buildWidth)
    }
    return linker.link(nodes, tick: { tick(.walks, $0) }) { row, worker, list in
      walkers[worker].walk(draft, towards: row, width: configuration.buildWidth)
      walkers[worker].appendBeam(to: &list)
      list.append(contentsOf: draft.neighbors(of: row))
    }
  }
}

/// What a build is doing.
public enum BuildStep: String, Hashable, Sendable, CaseIterable {
  /// Learning codes and writing them.
  case codes
  /// Products over leaves.
  case leaves
  /// A walk for every row.
  case walks
  /// Making every node reachable.
  case reachability
  /// Measuring which beam reaches which recall.
  case calibration
}
