import VectorKernels

/// Walks towards rows of the index, as a build does: one worker's memory for it.
@safe
final class BuildWalker: @unchecked Sendable {
  private let codes: CodeStore
  private let rows: RowStore
  private let query: QueryScratch
  private let vector: AlignedBuffer<Float>
  private(set) var searcher: GraphSearcher

  init(codes: CodeStore, rows: RowStore, degree: Int, width: Int) {
    self.codes = codes
    self.rows = rows
    query = QueryScratch(for: codes.quantizer)
    vector = AlignedBuffer(zeroed: codes.quantizer.form.stride)
    searcher = GraphSearcher(rows: rows.count, batch: max(degree, 64), width: width)
  }

  /// Fills the beam with the rows nearest to a row, itself among them.
  func walk(_ graph: ProximityGraph, towards row: UInt32, width: Int) {
    let widen = unsafe DistanceKernels.active.widen(from: rows.layout.elementType)
    let factor = codes.quantizer.form.metric == .cosine ? 1 / rows.norm(of: Ordinal(row)) : 1
    // SAFETY: `norm(of:)` checked the ordinal; the buffer has room for one row.
    unsafe widen(rows.addresses.row(row), factor, vector.base, rows.layout.dimension)
    let scorer = unsafe CodeScorer(vector.base, codes: codes, scratch: query)
    unsafe searcher.walk(graph, towards: scorer, width: width)
  }

  /// Adds the rows of the beam to a list, nearest first.
  func appendBeam(to list: inout [UInt32]) {
    for place in 0..<searcher.beam.count { list.append(searcher.beam.ordinal(at: place)) }
  }
}
