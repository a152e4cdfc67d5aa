import TestSupport
import VectorIndex

extension IndexFixture {
  /// Builds codes and graph of the live rows.
  func index(threads: Int = 1, _ configure: (inout IndexConfiguration) -> Void = { _ in }) -> GraphIndex? {
    var configuration = IndexConfiguration()
    configure(&configuration)
    let workers = WorkerPool(width: threads)
    return IndexBuilder(snapshot, configuration: configuration, workers: workers).build()
  }

  /// A builder that extends an index of some of these rows.
  func inserter(threads: Int = 1) -> IndexBuilder {
    IndexBuilder(snapshot, workers: WorkerPool(width: threads))
  }

  /// What a walk of that width answers to every query, and what it cost.
  func walk(
    _ index: GraphIndex, _ queries: PreparedQueries, k: Int, width: Int
  ) -> (answers: [[Neighbor]], cost: WalkCost) {
    var cost = WalkCost()
    let answers = (0..<queries.count).map { query in
      index.nearest(queries, query: query, k: k, effort: WalkEffort(beamWidth: width), in: snapshot, cost: &cost)
    }
    return (answers, cost)
  }

  /// The share of the nearest rows that walks find; rows as near as the last of them count as well.
  ///
  /// Nil where an answer has another length than the exact one, or names a row twice.
  func recall(_ index: GraphIndex, _ vectors: [Float], k: Int = 10, width: Int) throws -> Double? {
    let queries = try queries(vectors)
    let exact = FlatSearcher(snapshot, workers: WorkerPool(width: 1)).nearest(queries, k: k, in: everything)
    let found = walk(index, queries, k: k, width: width).answers
    var (hits, wanted) = (0, 0)
    for (found, exact) in zip(found, exact) {
      guard found.count == exact.count, Set(found.map(\.ordinal)).count == found.count else { return nil }
      guard let last = exact.last else { continue }
      hits += found.count { $0.distance <= last.distance }
      wanted += exact.count
    }
    return wanted == 0 ? 1 : Double(hits) / Double(wanted)
  }

  /// The same rows, of which only the first are there yet.
  func truncated(to count: Int) throws -> IndexSnapshot {
    let rows = try RowStore(directory: directory.path, layout: layout, catalogue: Self.catalogue, count: 0)
    var part = IndexSnapshot(metric: snapshot.metric, rows: rows)
    try part.growRows(to: count)
    for row in 0..<count { part.append(key: Array(String(row).utf8).span, work: nil, member: 0) }
    return part
  }
}
