import VectorKernels

/// Estimates the distances of batches of rows to one query, from their codes.
///
/// What it writes is an order, not a measure: smaller is nearer, for this query. ``distance(ofRank:)`` says what it means.
@unsafe
struct CodeScorer {
  private let gatherKernel: CodeGatherKernel
  private let runKernel: CodeRowsKernel
  private let prefetchRowsKernel: PrefetchRowsKernel
  /// Asks for other memory.
  let prefetchKernel: PrefetchKernel
  private let query: UnsafePointer<Int8>
  private let codes: UnsafePointer<UInt8>
  private let terms: UnsafePointer<RowTerm>?
  private let rowBytes: Int
  private let dimension: Int
  /// Inner product of the query and a code's vector = dot · scale − bias.
  private let scale: Float
  private let bias: Float
  /// What is added to every rank to make a distance.
  private let constant: Float
  private let metric: Metric

  /// Binds a scorer to one query.
  ///
  /// The caller keeps store and scratch alive and leaves the scratch's query alone while it uses the scorer.
  ///
  /// - Parameters:
  ///   - vector: The query, prepared for its metric: `dimension` floats.
  ///   - store: The codes.
  ///   - scratch: Where the query's bytes go.
  /// - Complexity: O(*d* log *d*) for rotated codes, O(*d* · *m*) for projected ones.
  init(_ vector: UnsafePointer<Float>, codes store: CodeStore, scratch: borrowing QueryScratch) {
    let quantizer = store.quantizer
    let prepared = unsafe quantizer.prepare(vector, in: scratch)
    let kernels = DistanceKernels.active
    let levels = Float(1 << Int(quantizer.format.bits.rawValue)) - 1
    // SAFETY: the caller keeps `store` and `scratch` alive.
    unsafe gatherKernel = kernels.codeGather(quantizer.format.bits)
    unsafe prefetchRowsKernel = kernels.prefetchRows
    unsafe prefetchKernel = kernels.prefetch
    unsafe runKernel = kernels.codeRows(quantizer.format.bits)
    unsafe query = prepared.bytes.bytes
    unsafe codes = store.codes.base
    unsafe terms = store.terms?.base
    unsafe rowBytes = quantizer.rowBytes
    unsafe dimension = quantizer.codeDimension
    unsafe scale = prepared.bytes.scale * quantizer.step
    unsafe bias = 0.5 * levels * Float(prepared.bytes.sum) * prepared.bytes.scale * quantizer.step
    unsafe constant = prepared.constant
    unsafe metric = quantizer.form.metric
  }

  /// Ranks of `count` rows, wherever they lie.
  ///
  /// - Parameters:
  ///   - ordinals: Rows that have a code.
  ///   - count: How many.
  ///   - dots: Room for as many sums.
  ///   - ranks: Gets one rank a row.
  /// - Complexity: O(*count* · *d*).
  /// - Allocates: Nothing.
  @inline(__always)
  func ranks(
    of ordinals: UnsafePointer<UInt32>, count: Int, dots: UnsafeMutablePointer<Int32>,
    into ranks: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the caller gives ordinals below the store's count, and room for `count` sums and ranks.
    unsafe gatherKernel(query, codes, rowBytes, ordinals, count, dimension, dots)
    guard let terms = unsafe terms else {
      for index in 0..<count { unsafe ranks[index] = Float(-dots[index]) }
      return
    }
    let (scale, bias) = unsafe (scale, bias)
    for index in 0..<count {
      let term = unsafe terms[Int(ordinals[index])]
      unsafe ranks[index] = term.offset - term.scale * (Float(dots[index]) * scale - bias)
    }
  }

  /// Ranks of the first `count` rows.
  ///
  /// - Parameters:
  ///   - first: Where to begin.
  ///   - count: How many rows.
  ///   - dots: Room for as many sums.
  ///   - ranks: Gets one rank a row.
  /// - Complexity: O(*count* · *d*).
  func ranks(
    from first: Int, count: Int, dots: UnsafeMutablePointer<Int32>, into ranks: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the caller keeps first + count within the store, and gives room for `count` sums and ranks.
    unsafe runKernel(query, codes + first * rowBytes, rowBytes, count, dimension, dots)
    guard let terms = unsafe terms else {
      for index in 0..<count { unsafe ranks[index] = Float(-dots[index]) }
      return
    }
    let (scale, bias) = unsafe (scale, bias)
    for index in 0..<count {
      let term = unsafe terms[first + index]
      unsafe ranks[index] = term.offset - term.scale * (Float(dots[index]) * scale - bias)
    }
  }

  /// Asks for the codes of rows that will be read soon.
  @inline(__always)
  func prefetch(_ ordinals: UnsafePointer<UInt32>, count: Int) {
    // SAFETY: a request for memory reads nothing.
    unsafe prefetchRowsKernel(codes, rowBytes, rowBytes, ordinals, count)
  }

  /// The distance, as callers know it, that a rank stands for.
  func distance(ofRank rank: Float) -> Float {
    guard unsafe terms == nil else {
      let value = unsafe rank + constant
      return unsafe metric == .euclidean ? max(value, 0).squareRoot() : value
    }
    let product = unsafe -rank * scale - bias
    return unsafe metric == .euclidean ? max(constant - 2 * product, 0).squareRoot() : constant - product
  }
}
