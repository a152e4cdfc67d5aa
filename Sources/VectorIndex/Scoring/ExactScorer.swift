import VectorKernels

/// Writes the distances of batches of rows to one query, from full-precision rows.
///
/// Elsewhere called distance computer.
///
/// Every distance is computed by one kernel whose order of additions is fixed, so that it depends on nothing but the query and the
/// row: not on the batch, the thread or the instruction set. These are the distances that answers and evidence show; products of
/// matrices and codes only find candidates for it.
@unsafe
struct ExactScorer {
  private let query: UnsafePointer<Float>
  private let dimension: Int
  private let metric: Metric
  private let addresses: RowAddresses
  private let runKernel: RowsKernel
  private let gatherKernel: GatherKernel

  /// Rows whose addresses are gathered at a time, on the stack.
  private static let gatherWidth = 64

  /// Binds a scorer to one query.
  ///
  /// The caller keeps queries and store alive while it uses the scorer.
  init(_ queries: PreparedQueries, query: Int, rows: RowStore) {
    // SAFETY: `queries` and `rows` outlive the scorer, which the caller sees to.
    let measure: Measure = queries.metric == .euclidean ? .squaredL2 : .dot
    let kernels = DistanceKernels.active
    unsafe self.query = queries.pointer(to: query)
    unsafe dimension = queries.dimension
    unsafe metric = queries.metric
    unsafe addresses = rows.addresses
    unsafe runKernel = kernels.rows(measure, over: rows.layout.elementType)
    unsafe gatherKernel = kernels.gather(measure, over: rows.layout.elementType)
  }

  /// Distances of `count` rows from `first` on.
  ///
  /// - Complexity: O(*count* · *d*).
  /// - Allocates: Nothing.
  @inline(__always)
  func distances(from first: UInt32, count: Int, into out: UnsafeMutablePointer<Float>) {
    // SAFETY: the caller keeps first + count within the store, and gives room for `count` distances.
    var done = 0
    while done < count {
      let ordinal = first + UInt32(done)
      let run = unsafe min(count - done, addresses.run(from: ordinal))
      unsafe runKernel(query, addresses.row(ordinal), addresses.stride, run, dimension, out + done)
      unsafe finish(out + done, norms: addresses.norms(from: ordinal), count: run)
      done += run
    }
  }

  /// Distances of `count` rows, wherever they lie.
  ///
  /// - Complexity: O(*count* · *d*).
  /// - Allocates: Nothing.
  @inline(__always)
  func distances(of ordinals: UnsafePointer<UInt32>, count: Int, into out: UnsafeMutablePointer<Float>) {
    // SAFETY: the caller keeps the ordinals within the store, and gives room for `count` distances.
    let gatherWidth = unsafe Self.gatherWidth
    unsafe withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: gatherWidth) { pointers in
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: gatherWidth) { norms in
        guard let pointers = pointers.baseAddress, let norms = norms.baseAddress else { return }
        var done = 0
        while done < count {
          let width = min(count - done, gatherWidth)
          for index in 0..<width {
            let ordinal = unsafe ordinals[done + index]
            unsafe (pointers + index).initialize(to: addresses.row(ordinal))
            unsafe (norms + index).initialize(to: addresses.norm(of: ordinal))
          }
          unsafe gatherKernel(query, pointers, width, dimension, out + done)
          unsafe finish(out + done, norms: norms, count: width)
          done += width
        }
      }
    }
  }

  /// Turns what the kernel wrote into distances.
  @inline(__always)
  private func finish(_ out: UnsafeMutablePointer<Float>, norms: UnsafePointer<Float>, count: Int) {
    // SAFETY: both have `count` floats.
    switch unsafe metric {
    case .cosine: for index in 0..<count { unsafe out[index] = -(out[index] / norms[index]) }
    case .innerProduct: for index in 0..<count { unsafe out[index] = -out[index] }
    case .euclidean: for index in 0..<count { unsafe out[index] = out[index].squareRoot() }
    }
  }
}
