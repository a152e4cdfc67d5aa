/// Turns candidates into a graph: chooses every row's edges, then lets every edge be answered by one in the other direction.
///
/// Both steps read what was finished before them and write to each row alone, so that the graph does not depend on the number of threads.
@safe
struct GraphLinker: Sendable {
  let rows: ByteRows
  let configuration: IndexConfiguration
  let workers: WorkerPool

  /// Rows that one task links.
  private static let block = 256
  /// The most candidates of a row.
  static let candidateCapacity = 4096

  /// Chooses edges for every node and links back.
  ///
  /// - Parameters:
  ///   - nodes: The rows that are linked.
  ///   - tick: Hears how much is done.
  ///   - candidates: Adds the candidates of a row to a list; called from several threads, with the number of the worker.
  /// - Returns: The edges; rows that are no nodes have none.
  func link(
    _ nodes: [UInt32], tick: (Double) -> Void = { _ in },
    candidates: (_ row: UInt32, _ worker: Int, _ list: inout [UInt32]) -> Void
  ) -> EdgeTable {
    let forward = choose(nodes, keepsAll: false, tick: { tick(0.7 * $0) }, candidates: candidates)
    let reverse = ReverseEdges(of: forward)
    return choose(nodes, keepsAll: true, tick: { tick(0.7 + 0.3 * $0) }) { row, _, list in
      forward.appendNeighbors(of: Int(row), to: &list)
      list.append(contentsOf: reverse.sources(of: Int(row)))
    }
  }

  private func choose(
    _ nodes: [UInt32], keepsAll: Bool, tick: (Double) -> Void,
    candidates: (_ row: UInt32, _ worker: Int, _ list: inout [UInt32]) -> Void
  ) -> EdgeTable {
    let table = EdgeTable(count: rows.count, maxDegree: configuration.maxDegree)
    let tasks = (nodes.count + Self.block - 1) / Self.block
    workers.run(tasks: tasks) { task, worker in
      var pruner = EdgePruner(
        rows: rows, maxDegree: configuration.maxDegree, slack: configuration.pruneSlack,
        capacity: Self.candidateCapacity)
      var list: [UInt32] = []
      for node in nodes[task * Self.block..<min(nodes.count, (task + 1) * Self.block)] {
        list.removeAll(keepingCapacity: true)
        candidates(node, worker, &list)
        // SAFETY: a row's places are written by the one task that has the row.
        unsafe pruner.choose(for: node, among: &list, keepsAll: keepsAll, edges: table.places(of: Int(node)))
      }
      // The caller's own thread is worker 0.
      if worker == 0 { tick(Double(task) / Double(tasks)) }
    }
    return table
  }
}
