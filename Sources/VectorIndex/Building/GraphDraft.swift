/// A graph that is read and written in turns, while rows are inserted.
///
/// 1. While ``view`` is in use by walks, nobody writes.
/// 2. While edges are written, each row by one task, nobody walks.
@safe
final class GraphDraft: @unchecked Sendable {
  /// The edges so far.
  let table: EdgeTable
  private let entryPoints: MemoryBlock<UInt32>

  /// A draft without edges.
  init(count: Int, maxDegree: Int, entryPoints: [UInt32]) {
    table = EdgeTable(count: count, maxDegree: maxDegree)
    self.entryPoints = MemoryBlock(copying: entryPoints)
  }

  /// A draft that begins as a finished graph and has room for `count` rows.
  init(extending graph: ProximityGraph, count: Int) {
    table = EdgeTable(copying: graph.edges, count: count, maxDegree: graph.maxDegree)
    entryPoints = graph.entryPoints
  }

  /// The edges of this moment as a graph; see above for when.
  var view: ProximityGraph {
    // SAFETY: the block keeps this object alive, and with it the table, whose memory never moves.
    let edges = unsafe MemoryBlock(
      UnsafePointer(table.buffer.base), count: table.count * table.maxDegree, owner: self)
    return ProximityGraph(
      edges: edges, maxDegree: table.maxDegree, entryPoints: entryPoints, copies: .empty, count: table.count)
  }

  /// The edges of this moment, in memory of their own.
  func copyOfEdges() -> EdgeTable {
    EdgeTable(copying: view.edges, count: table.count, maxDegree: table.maxDegree)
  }
}
