/// Builds a graph by inserting its rows, batch after batch.
///
/// Slower than ``BulkBuilder``, and what makes an index grow: see ``IndexBuilder/insert(into:upTo:)``.
struct InsertionBuilder: GraphBuilding {
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
    let draft = GraphDraft(count: rows.count, maxDegree: configuration.maxDegree, entryPoints: entries)
    let inserter = GraphInserter(
      into: draft, configuration: configuration, codes: codes, rows: rows, distances: bytes, workers: workers)
    try progress(.walks)
    let order = order(nodes, entries)
    inserter.insertAll(order, linked: 0, findsCopies: false) { tick(.walks, Double($0) / Double(order.count)) }
    try progress(.reachability)
    return Reachability(codes: codes, rows: rows).repair(
      draft.copyOfEdges(), nodes: nodes, entries: entries, copies: copies)
  }

  /// Entry points first, as walks begin at them, then the others at random: rows often come sorted, and a graph of one corner of the data
  /// has no edges that lead across.
  private func order(_ nodes: [UInt32], _ entries: [UInt32]) -> [UInt32] {
    var isEntry = Bitmap(count: rows.count)
    for entry in entries { isEntry.insert(entry) }
    var generator = SplitMix(seed: configuration.seed &+ 2)
    return entries + nodes.filter { !isEntry[$0] }.shuffled(using: &generator)
  }
}
