import VectorKernels

extension FlatSearcher {
  /// Multiplies blocks of queries with tiles of rows, and scores exactly whatever a product does not exclude.
  ///
  /// A tile is widened once for hundreds of queries, so that the time is that of the products; see ``ProductBound`` for why nothing is missed.
  ///
  /// - Complexity: O(*queries* · *rows* · *d*).
  /// - Allocates: One scratch a worker.
  func multiply<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ selection: RowSelection, into empty: [Collector]
  ) -> [Collector] {
    let scratches = (0..<workers.width).map { _ in
      ProductScratch(dimension: queries.dimension, queries: queries.count)
    }
    var filled: [Collector] = []
    filled.reserveCapacity(queries.count)
    let tiles = (selection.count + ProductScratch.tileRows - 1) / ProductScratch.tileRows
    for start in stride(from: 0, to: queries.count, by: ProductScratch.queryBlock) {
      let block = start..<min(start + ProductScratch.queryBlock, queries.count)
      filled += withPartials(Array(empty[block]), tasks: tiles) { tile, worker, collectors in
        let positions = tile * ProductScratch.tileRows..<min((tile + 1) * ProductScratch.tileRows, selection.count)
        multiply(queries, block, positions, of: selection, scratches[worker], &collectors)
      }
    }
    return filled
  }

  private func multiply<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ block: Range<Int>, _ positions: Range<Int>, of selection: RowSelection,
    _ scratch: ProductScratch, _ collectors: inout [Collector]
  ) {
    let count = positions.count
    // SAFETY: the scratch has room for a tile of ordinals, and for the products of a block of queries with a tile.
    _ = unsafe selection.copy(positions, to: scratch.ordinals.base)
    let greatest = scratch.fill(count: count, from: snapshot.rows, metric: snapshot.metric)
    unsafe MatrixProduct.multiply(
      queries.matrix(of: block),
      transposed: UnsafeMatrix(scratch.tile.base, rows: count, columns: queries.dimension, stride: scratch.stride),
      into: UnsafeMutableMatrix(
        scratch.products.base, rows: block.count, columns: count, stride: ProductScratch.tileRows))
    for (slot, query) in block.enumerated() {
      let products = unsafe UnsafePointer(scratch.products.base + slot * ProductScratch.tileRows)
      unsafe offer(products, count: count, of: query, queries, greatest: greatest, scratch, to: &collectors[slot])
    }
  }

  /// Scores and offers the rows of a tile that the products of one query do not exclude.
  private func offer<Collector: ResultCollector>(
    _ products: UnsafePointer<Float>, count: Int, of query: Int, _ queries: PreparedQueries, greatest: Float,
    _ scratch: ProductScratch, to collector: inout Collector
  ) {
    let bound = ProductBound(metric: queries.metric, dimension: queries.dimension)
    let norm = queries.norms[query]
    let margin = bound.margin(query: norm, rows: greatest)
    let least = bound.leastProduct(within: collector.bound, query: norm, margin: margin)
    // SAFETY: products, biases and what is selected among them belong to one tile; `selected` has the 16 extra entries the kernel asks for.
    let biases = unsafe queries.metric == .euclidean ? UnsafePointer(scratch.biases.base) : nil
    let select = unsafe DistanceKernels.active.selectAtLeast
    var selected = unsafe select(products, biases, count, least, scratch.selected.base)
    if let capacity = collector.capacity, selected > 2 * capacity + 64 {
      let tighter = unsafe reached(byAtLeast: capacity, products, biases, count: count, scratch) - 2 * margin
      selected = unsafe select(products, biases, count, max(least, tighter), scratch.selected.base)
    }
    guard selected > 0 else { return }
    for index in 0..<selected {
      unsafe scratch.candidates.base[index] = scratch.ordinals.base[Int(scratch.selected.base[index])]
    }
    let scorer = unsafe ExactScorer(queries, query: query, rows: snapshot.rows)
    unsafe scorer.distances(of: scratch.candidates.base, count: selected, into: scratch.distances.base)
    for index in 0..<selected where unsafe scratch.distances.base[index] <= collector.bound {
      collector.offer(unsafe Neighbor(distance: scratch.distances.base[index], ordinal: scratch.candidates.base[index]))
    }
  }

  /// A product that at least `rank` rows of a tile reach: a first tile, whose collectors know no bound yet, would otherwise
  /// score every row.
  ///
  /// The rows are dealt out to some times `rank` groups. Of the greatest products of the groups, the one of that rank is reached by as many
  /// rows, and seldom by many more; finding it costs one pass and a selection among few.
  private func reached(
    byAtLeast rank: Int, _ products: UnsafePointer<Float>, _ biases: UnsafePointer<Float>?, count: Int,
    _ scratch: ProductScratch
  ) -> Float {
    let groups = min(count, max(64, 4 * rank))
    // SAFETY: `distances` has room for a tile and is not in use yet; every index is below `count`.
    let greatestOfGroup = unsafe scratch.distances.base
    for index in 0..<groups { unsafe greatestOfGroup[index] = -.infinity }
    for start in stride(from: 0, to: count, by: groups) {
      for index in 0..<min(groups, count - start) {
        let product = unsafe products[start + index] + (biases?[start + index] ?? 0)
        unsafe greatestOfGroup[index] = product > greatestOfGroup[index] ? product : greatestOfGroup[index]
      }
    }
    return unsafe greatest(greatestOfGroup, count: groups, rank: rank)
  }
}

/// The number of rank `rank` from the greatest, 1 being the greatest, by quickselect; the numbers are reordered.
///
/// - Complexity: O(*count*) on average.
private func greatest(_ numbers: UnsafeMutablePointer<Float>, count: Int, rank: Int) -> Float {
  precondition(rank >= 1 && rank <= count)
  // SAFETY: low and high stay within 0..<count.
  var (low, high) = (0, count - 1)
  while low < high {
    let pivot = unsafe numbers[(low + high) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while unsafe numbers[left] > pivot { left += 1 }
      while unsafe numbers[right] < pivot { right -= 1 }
      guard left <= right else { break }
      unsafe swap(&numbers[left], &numbers[right])
      left += 1
      right -= 1
    }
    if rank - 1 <= right { high = right } else if rank - 1 >= left { low = left } else { break }
  }
  return unsafe numbers[rank - 1]
}
