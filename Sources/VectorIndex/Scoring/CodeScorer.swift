import VectorKernels

/// Estimates the distances of batches of rows to one query, from their codes.
///
/// What it writes is an order, not a measure: smaller is nearer, for this query. ``distance(ofRank:)`` says what it means.
@unsafe
struct CodeScorer {
  private let gatherKernel: CodeGatherKernel
  private let runKernel: CodeRowsKernel
  private let blocksKernel: CodeBlocksKernel
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
  /// The inner product at which a row of the common length would be at distance 0.
  private let endProduct: Float
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
    unsafe blocksKernel = kernels.codeBlocks(quantizer.format.bits)
    unsafe query = prepared.bytes.bytes
    unsafe codes = store.codes.base
    unsafe terms = store.terms?.base
    unsafe rowBytes = quantizer.rowBytes
    unsafe dimension = quantizer.codeDimension
    unsafe scale = prepared.bytes.scale * quantizer.step
    unsafe bias = 0.5 * levels * Float(prepared.bytes.sum) * prepared.bytes.scale * quantizer.step
    unsafe constant = prepared.constant
    unsafe endProduct = prepared.endProduct
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

  /// Ranks of rows whose codes were copied.
  ///
  /// - Parameters:
  ///   - packed: Copies from the store that the scorer is bound to.
  ///   - first: The place of the first row, where a block begins.
  ///   - count: How many, within the copies.
  ///   - dots: Room for as many sums, and those that fill up a block.
  ///   - ranks: Gets one rank a row.
  func ranks(
    _ packed: PackedCodes, from first: Int, count: Int, dots: UnsafeMutablePointer<Int32>,
    into ranks: UnsafeMutablePointer<Float>
  ) {
    let blocks = (count + PackedCodes.blockRows - 1) / PackedCodes.blockRows
    // SAFETY: the caller keeps first + count within the copies, and gives room for so many blocks of sums, and `count` ranks.
    unsafe blocksKernel(query, packed.codes.base + first * rowBytes, blocks, dimension, dots)
    guard let terms = unsafe packed.terms?.base else {
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

  /// Which squared distances ranks stand for.
  ///
  /// Inner products have no end at which a distance would be 0: there a row of the usual length in the query's direction stands for it, and
  /// longer rows, which may lie beyond, count as a quarter of the way from it.
  var rankScale: RankScale {
    // SAFETY: numbers that were set when the scorer was bound; no memory behind a pointer is read.
    guard unsafe terms == nil else {
      return unsafe metric == .euclidean
        ? RankScale(zero: -constant, least: 0, unit: constant)
        : RankScale(zero: -endProduct, least: 0.25 * endProduct, unit: endProduct)
    }
    // Squared distance = |x|² + |q|² − 2 (−rank · scale − bias).
    return unsafe RankScale(zero: -(endProduct + bias) / scale, least: 0, unit: endProduct / scale)
  }

  /// The distance, as callers know it, that a rank stands for.
  func distance(ofRank rank: Float) -> Float {
    // SAFETY: numbers that were set when the scorer was bound; no memory behind a pointer is read.
    guard unsafe terms == nil else {
      let value = unsafe rank + constant
      return unsafe metric == .euclidean ? max(value, 0).squareRoot() : value
    }
    let product = unsafe -rank * scale - bias
    return unsafe metric == .euclidean ? max(constant - 2 * product, 0).squareRoot() : constant - product
  }

  /// The rank that stands for a distance: the inverse of ``distance(ofRank:)``.
  func rank(ofDistance distance: Float) -> Float {
    // SAFETY: numbers that were set when the scorer was bound; no memory behind a pointer is read.
    let isEuclidean = unsafe metric == .euclidean
    let value = isEuclidean ? max(distance, 0) * max(distance, 0) : distance
    guard unsafe terms == nil else { return unsafe value - constant }
    // Where all dots are the same, the query is zero: every row is in range or none.
    guard unsafe scale > 0 else { return unsafe distance >= self.distance(ofRank: 0) ? .infinity : -.infinity }
    let product = unsafe isEuclidean ? (constant - value) / 2 : constant - value
    return unsafe -(product + bias) / scale
  }
}
