import VectorKernels

/// The nearest rows to some queries: the truth that a build measures itself against.
///
/// All rows are compared by their bytes, which is several times faster than a product of matrices in floats; the best of them, half as many again
/// as are wanted, are compared by the rows themselves: what bytes blur is far less than what lies between the wanted and the last of those.
@safe
struct ByteNeighbors: Sendable {
  private let bytes: ByteRows
  private let rows: RowStore
  private let metric: Metric
  private let isNode: Bitmap

  /// Queries of one task, so that a block of rows that is in the second cache serves many.
  private static let queryBlock = 96
  /// Rows compared at a time.
  private static let rowBlock = 512

  /// Neighbours among some rows.
  ///
  /// - Parameters:
  ///   - nodes: Which rows are looked at.
  ///   - rows: All rows.
  ///   - bytes: The same in bytes.
  ///   - metric: How closeness is measured.
  init(among nodes: [UInt32], of rows: RowStore, bytes: ByteRows, metric: Metric) {
    (self.bytes, self.rows, self.metric) = (bytes, rows, metric)
    var isNode = Bitmap(count: rows.count)
    for node in nodes { isNode.insert(node) }
    self.isNode = isNode
  }

  /// The nearest rows of every query.
  ///
  /// - Parameters:
  ///   - k: How many, at least 1.
  ///   - queries: Who asks; the row that a query was made of is no neighbour of it.
  ///   - workers: Who compares; the result is the same for any number of them.
  /// - Returns: Ordinals, nearest first and at the same distance by ordinal.
  /// - Complexity: O(*queries* · *rows* · *d*).
  func nearest(_ k: Int, to queries: CalibrationQueries, workers: WorkerPool) -> [[UInt32]] {
    let count = queries.origins.count
    var results = [[UInt32]](repeating: [], count: count)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes the results of its own queries.
      nonisolated(unsafe) let results = unsafe results
      workers.run(tasks: (count + Self.queryBlock - 1) / Self.queryBlock) { task, _ in
        let range = task * Self.queryBlock..<min(count, (task + 1) * Self.queryBlock)
        var search = ByteSearch(queries, range, width: k + k / 2 + 16, rowBlock: Self.rowBlock, bytes: bytes)
        for start in stride(from: 0, to: bytes.count, by: Self.rowBlock) {
          search.compare(start..<min(bytes.count, start + Self.rowBlock), isNode)
        }
        for query in range {
          unsafe results[query] = sorted(search.best(query), queries, query, k)
        }
      }
    }
    return results
  }

  /// Puts candidates in the order of the rows themselves.
  private func sorted(_ candidates: [UInt32], _ queries: CalibrationQueries, _ query: Int, _ k: Int) -> [UInt32] {
    let measure: Measure = metric == .euclidean ? .squaredL2 : .dot
    let kernel = unsafe DistanceKernels.active.gather(measure, over: rows.layout.elementType)
    let values = AlignedBuffer<Float>(zeroed: candidates.count)
    // SAFETY: candidates are rows of the store; there is room for an address and a value of each.
    let addresses = unsafe AlignedBuffer<UnsafeRawPointer?>(zeroed: candidates.count)
    for (index, row) in candidates.enumerated() { unsafe addresses.base[index] = rows.addresses.row(row) }
    unsafe kernel(
      queries.vector(query), addresses.base, candidates.count, rows.layout.dimension, values.base)
    let ranked = candidates.indices.map { index -> (rank: Float, row: UInt32) in
      let value = unsafe values.base[index]
      let row = candidates[index]
      switch metric {
      case .euclidean: return (value, row)
      case .innerProduct: return (-value, row)
      case .cosine: return (-value / rows.norm(of: Ordinal(row)), row)
      }
    }
    return ranked.filter { $0.row != queries.origins[query] }
      .sorted { ($0.rank, $0.row) < ($1.rank, $1.row) }.prefix(k).map(\.row)
  }
}

/// Some queries on their way through all rows.
private struct ByteSearch: ~Copyable {
  private let bytes: ByteRows
  private let range: Range<Int>
  private var beams: [Beam]
  private let queryBytes: AlignedBuffer<Int8>
  private let dots: AlignedBuffer<Int32>
  private let ranks: AlignedBuffer<Float>
  private let ordinals: AlignedBuffer<UInt32>
  private let near: AlignedBuffer<UInt64>

  /// What one query found so far, and how its bytes are to be read.
  private final class Beam {
    var beam: CandidateBeam
    let scale: Float
    let offset: Int32

    init(width: Int, scale: Float, offset: Int32) {
      beam = CandidateBeam(capacity: width)
      beam.begin(width: width)
      (self.scale, self.offset) = (scale, offset)
    }
  }

  init(_ queries: CalibrationQueries, _ range: Range<Int>, width: Int, rowBlock: Int, bytes: ByteRows) {
    self.bytes = bytes
    self.range = range
    // The kernels read whole blocks of 512 bytes of a query.
    let queryStride = ByteScratch.queryBytes(stride: bytes.stride)
    queryBytes = AlignedBuffer(zeroed: range.count * queryStride)
    dots = AlignedBuffer(zeroed: rowBlock)
    ranks = AlignedBuffer(zeroed: rowBlock)
    ordinals = AlignedBuffer(zeroed: rowBlock)
    near = AlignedBuffer(zeroed: rowBlock + CandidateBeam.padding)
    beams = []
    for query in range {
      // SAFETY: a query in the index's form has `dimension` floats; there is room for the bytes of each.
      let bytes = unsafe ByteQuery(
        queries.formed(query), count: bytes.dimension,
        into: queryBytes.base + (query - range.lowerBound) * queryStride)
      unsafe beams.append(Beam(width: width, scale: bytes.scale, offset: 128 * bytes.sum))
    }
  }

  /// Compares all queries with a block of rows.
  mutating func compare(_ block: Range<Int>, _ isNode: Bitmap) {
    let queryStride = ByteScratch.queryBytes(stride: bytes.stride)
    for index in 0..<block.count { unsafe ordinals.base[index] = UInt32(block.lowerBound + index) }
    for (number, beam) in beams.enumerated() {
      // SAFETY: the block lies within the rows and has room in every buffer.
      unsafe bytes.ranks(
        of: block, towards: queryBytes.base + number * queryStride, scale: beam.scale, offset: beam.offset,
        dots: dots.base, into: ranks.base)
      let found = unsafe beam.beam.select(ranks.base, of: ordinals.base, count: block.count, into: near.base)
      for index in 0..<found {
        let entry = unsafe near.base[index]
        if isNode[CandidateBeam.ordinal(entry)] { beam.beam.offer(entry) }
      }
    }
  }

  /// The best rows of a query.
  func best(_ query: Int) -> [UInt32] {
    let beam = beams[query - range.lowerBound]
    return (0..<beam.beam.count).map { beam.beam.ordinal(at: $0) }
  }
}
