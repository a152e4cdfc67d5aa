import VectorKernels

/// Writes the distances of batches of rows to one query, from full-precision rows.
///
/// Elsewhere called distance computer.
///
/// Every distance is computed by one kernel whose order of additions is fixed, so that it depends on nothing but the query and the
/// row: not on the batch, the thread or the instruction set. These are the distances that answers and evidence show; products of
/// matrices and codes only find candidates for it.
///
/// A cosine that the kernel puts so near to 1 or -1 that it may be exactly that is computed again in double, and rounded once: vectors of the
/// same direction score 1, of opposite directions -1, and nothing lies beyond.
@unsafe
struct ExactScorer {
  private let query: UnsafePointer<Float>
  private let dimension: Int
  private let metric: Metric
  private let addresses: RowAddresses
  private let runKernel: RowsKernel
  private let gatherKernel: GatherKernel
  private let cosineKernel: CosineKernel
  /// The bits of the least magnitude of a cosine that is computed again.
  private let nearOne: UInt32

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
    unsafe cosineKernel = kernels.cosine(over: rows.layout.elementType)
    // What a kernel may be off by is less than what it and a product may be off by together.
    let margin = ProductBound(metric: .cosine, dimension: queries.dimension).margin(query: 1, rows: 1)
    unsafe nearOne = max(1 - margin, 0.5).bitPattern
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
      unsafe finish(out + done, norms: addresses.norms(from: ordinal), count: run) { index in
        unsafe addresses.row(ordinal + UInt32(index))
      }
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
          unsafe finish(out + done, norms: norms, count: width) { index in
            unsafe addresses.row(ordinals[done + index])
          }
          done += width
        }
      }
    }
  }

  /// Turns what the kernel wrote into distances.
  ///
  /// - Parameters:
  ///   - out: What the kernel wrote; gets the distances.
  ///   - norms: Of the rows.
  ///   - count: How many there are.
  ///   - row: Where a row lies, by its place among the distances.
  @inline(__always)
  private func finish(
    _ out: UnsafeMutablePointer<Float>, norms: UnsafePointer<Float>, count: Int, row: (Int) -> UnsafeRawPointer
  ) {
    // SAFETY: both have `count` floats.
    switch unsafe metric {
    case .cosine:
      let nearOne = unsafe nearOne
      // Collected without a branch, so that the loop stays one over vectors; a NaN counts as near.
      var isAnyNear: UInt32 = 0
      for index in 0..<count {
        let distance = unsafe -(out[index] / norms[index])
        unsafe out[index] = distance
        isAnyNear |= distance.bitPattern & 0x7fff_ffff >= nearOne ? 1 : 0
      }
      if isAnyNear != 0 { unsafe settleNearOne(out, count: count, row: row) }
    case .innerProduct: for index in 0..<count { unsafe out[index] = -out[index] }
    case .euclidean: for index in 0..<count { unsafe out[index] = out[index].squareRoot() }
    }
  }

  /// Computes those cosines again that may be 1 or -1.
  ///
  /// - Complexity: O(*d*) for each of them.
  @inline(never)
  private func settleNearOne(_ out: UnsafeMutablePointer<Float>, count: Int, row: (Int) -> UnsafeRawPointer) {
    // SAFETY: `out` has `count` floats; the rows are those that it was computed from.
    for index in 0..<count where unsafe out[index].bitPattern & 0x7fff_ffff >= nearOne {
      let cosine = unsafe Float(cosineKernel(query, row(index), dimension))
      unsafe out[index] = cosine > 1 ? -1 : cosine < -1 ? 1 : -cosine
    }
  }
}
