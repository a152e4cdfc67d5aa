/// Links batches of rows to a graph.
///
/// Every batch goes through steps that read what was finished before them and write to each row alone, so that the graph does not depend
/// on the number of threads:
///
/// 1. Walks find candidates for every row in the graph as it was before the batch. A row that equals one of them is a copy of it.
/// 2. Each row chooses its edges among those and the nearest rows of its own batch.
/// 3. Every edge is answered by one in the other direction; a target whose places are full takes it in for another, or not.
///
/// Batch insertion as in ParlayANN (Manohar et al. 2024).
@safe
final class GraphInserter {
  private let draft: GraphDraft
  private let rows: RowStore
  private let workers: WorkerPool
  private let width: Int
  private let crew: [InsertionWorker]

  /// Rows that one task handles: few, as batches may be small.
  private static let block = 32

  /// An inserter into a draft.
  ///
  /// - Parameters:
  ///   - draft: The graph so far, with room for the rows that come.
  ///   - configuration: How edges are chosen.
  ///   - codes: Of all rows, those that come among them.
  ///   - rows: The rows.
  ///   - distances: Between rows.
  ///   - workers: Who does it.
  init(
    into draft: GraphDraft, configuration: IndexConfiguration, codes: CodeStore, rows: RowStore,
    distances: any RowDistances, workers: WorkerPool
  ) {
    self.draft = draft
    self.rows = rows
    self.workers = workers
    width = configuration.buildWidth
    crew = (0..<workers.width).map { _ in
      InsertionWorker(configuration, codes: codes, rows: rows, distances: distances)
    }
  }

  /// The rows that lost edges, ascending.
  var changedRows: [UInt32] { crew.flatMap(\.changed).sorted() }

  /// How many rows the next batch should have.
  ///
  /// - Parameter linked: How many nodes the graph has.
  /// - Returns: An eighth of them: rows of one batch know each other by comparison, the more the slower, and the rest of the graph by walks.
  private static func batchSize(linked: Int) -> Int {
    min(max(linked / 8, 256), InsertionWorker.batchCapacity)
  }

  /// Links rows, batch after batch.
  ///
  /// - Parameters:
  ///   - rows: Rows that are not in the graph yet.
  ///   - linked: How many nodes the graph has.
  ///   - findsCopies: Whether rows may equal nodes of the graph; those that do become no nodes.
  ///   - tick: Hears after each batch how many rows are done.
  /// - Returns: The rows that are copies, each with its node.
  @discardableResult
  func insertAll(
    _ rows: [UInt32], linked: Int, findsCopies: Bool, tick: (Int) -> Void = { _ in }
  ) -> [(copy: UInt32, node: UInt32)] {
    var copies: [(copy: UInt32, node: UInt32)] = []
    var done = 0
    while done < rows.count {
      let end = min(done + Self.batchSize(linked: linked + done), rows.count)
      copies += insert(Array(rows[done..<end]), findsCopies: findsCopies)
      done = end
      tick(done)
    }
    return copies
  }

  /// Links a batch.
  ///
  /// - Parameters:
  ///   - batch: Rows that are not in the graph yet, at most ``InsertionWorker/batchCapacity``.
  ///   - findsCopies: Whether rows may equal nodes of the graph; those that do become no nodes.
  /// - Returns: The rows that are copies, each with its node.
  private func insert(_ batch: [UInt32], findsCopies: Bool) -> [(copy: UInt32, node: UInt32)] {
    let candidates = CandidateLists(rows: batch.count, width: width)
    walk(batch, findsCopies: findsCopies, into: candidates)
    let isCopy = batch.indices.map { candidates.original(of: $0) != nil }
    let nodes = MemoryBlock(copying: batch.indices.filter { !isCopy[$0] }.map { batch[$0] })
    run(batch.count) { index, worker in
      guard !isCopy[index] else { return }
      candidates.append(of: index, to: &worker.list)
      worker.appendNearest(to: batch[index], in: nodes)
      worker.choose(for: batch[index], keepsAll: false, in: draft.table)
    }
    linkBack(nodes)
    return batch.indices.compactMap { index in
      candidates.original(of: index).map { (copy: batch[index], node: $0) }
    }
  }

  /// Finds candidates for every row in the graph as it is.
  private func walk(_ batch: [UInt32], findsCopies: Bool, into candidates: borrowing CandidateLists) {
    let graph = draft.view
    run(batch.count) { index, worker in
      let row = batch[index]
      worker.walk(graph, towards: row, width: width)
      let original = findsCopies ? worker.list.first { CopyFinder.areEqual($0, row, in: rows) } : nil
      candidates.set(index, to: worker.list, original: original)
      worker.list.removeAll(keepingCapacity: true)
    }
  }

  /// Answers the edges of new nodes by edges in the other direction.
  ///
  /// Most targets have a free place, and need no distance for that.
  private func linkBack(_ nodes: MemoryBlock<UInt32>) {
    let arrivals = BackEdges(of: nodes, in: draft.table)
    run(arrivals.targetCount) { index, worker in
      let target = arrivals.target(index)
      for source in arrivals.sources(index) where !draft.table.add(source, to: Int(target)) {
        worker.admit(source, to: target, in: draft.table)
      }
    }
  }

  /// Calls `body` for every index below `count`, each with a worker of its own for the time.
  private func run(_ count: Int, _ body: (Int, InsertionWorker) -> Void) {
    workers.run(tasks: (count + Self.block - 1) / Self.block) { task, worker in
      for index in task * Self.block..<min(count, (task + 1) * Self.block) { body(index, crew[worker]) }
    }
  }
}
