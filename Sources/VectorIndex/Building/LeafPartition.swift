import VectorKernels

/// Divides rows into overlapping groups of near ones, small enough for all their products.
///
/// Leaders are drawn at random, every row joins the nearest few of them, and groups that are still too large are divided again, without
/// overlap. All distances come from products of matrices.
///
/// Ball carving of PiPNN (2026), after the sparse partitions of IVF.
@safe
struct LeafPartition: Sendable {
  let rows: RowStore
  let form: VectorForm
  let leafSize: Int
  let seed: UInt64

  /// The most leaders of a division: more cost more than they part.
  static let maximumLeaders = 1024
  /// Rows multiplied with the leaders at a time.
  private static let block = 1024

  /// The groups of a first division.
  ///
  /// - Parameters:
  ///   - nodes: The rows to divide.
  ///   - overlap: How many groups every row joins.
  ///   - workers: Who multiplies.
  /// - Returns: Groups of any size; each row is in `overlap` of them, or in all if there are fewer.
  func divide(_ nodes: [UInt32], overlap: Int, workers: WorkerPool) -> [[UInt32]] {
    let leaders = self.leaders(of: nodes[...], overlap: overlap, salt: 0)
    guard leaders.count > 1 else { return [nodes] }
    var block = FormBlock(capacity: leaders.count, form: form)
    block.fill(leaders[...], from: rows, form: form)
    let width = min(overlap, leaders.count)
    let nearest = AlignedBuffer<UInt32>(zeroed: nodes.count * width)
    // SAFETY: each task writes the places of its own rows; the leaders are only read.
    nonisolated(unsafe) let out = unsafe nearest.base
    nonisolated(unsafe) let matrix = unsafe block.matrix
    nonisolated(unsafe) let bias = unsafe UnsafePointer(block.halfNorms.base)
    workers.run(tasks: (nodes.count + Self.block - 1) / Self.block) { task, _ in
      let range = task * Self.block..<min(nodes.count, (task + 1) * Self.block)
      unsafe assign(nodes[range], to: matrix, bias: bias, width: width, into: out + range.lowerBound * width)
    }
    var groups = [[UInt32]](repeating: [], count: leaders.count)
    for (index, node) in nodes.enumerated() {
      for place in 0..<width { groups[unsafe Int(nearest.base[index * width + place])].append(node) }
    }
    return groups.filter { !$0.isEmpty }
  }

  /// Divides a group until every part is a leaf.
  ///
  /// - Parameters:
  ///   - group: The rows.
  ///   - salt: Makes the draw of this group its own.
  ///   - body: Gets one leaf at a time.
  func forEachLeaf(of group: [UInt32], salt: UInt64, _ body: ([UInt32]) -> Void) {
    guard group.count > leafSize else { return body(group) }
    let leaders = self.leaders(of: group[...], overlap: 1, salt: salt)
    var block = FormBlock(capacity: leaders.count, form: form)
    block.fill(leaders[...], from: rows, form: form)
    var parts = [[UInt32]](repeating: [], count: leaders.count)
    let nearest = AlignedBuffer<UInt32>(zeroed: Self.block)
    for start in Swift.stride(from: 0, to: group.count, by: Self.block) {
      let slice = group[start..<min(group.count, start + Self.block)]
      // SAFETY: the block outlives the call; there is room for one leader of each row of a slice.
      unsafe assign(slice, to: block.matrix, bias: block.halfNorms.base, width: 1, into: nearest.base)
      for (index, node) in slice.enumerated() { parts[unsafe Int(nearest.base[index])].append(node) }
    }
    for (index, part) in parts.enumerated() where !part.isEmpty {
      // Rows that no leader parts, because they all but coincide, are cut up in the order in which they came.
      guard part.count < group.count else { return cut(part, body) }
      forEachLeaf(of: part, salt: salt &* 31 &+ UInt64(index) &+ 1, body)
    }
  }

  private func cut(_ group: [UInt32], _ body: ([UInt32]) -> Void) {
    for start in Swift.stride(from: 0, to: group.count, by: leafSize) {
      body(Array(group[start..<min(group.count, start + leafSize)]))
    }
  }

  /// Draws leaders so that parts have about three fifths of a leaf: then few of them are too large.
  private func leaders(of nodes: ArraySlice<UInt32>, overlap: Int, salt: UInt64) -> [UInt32] {
    let wanted = nodes.count * overlap * 5 / (leafSize * 3)
    let count = nodes.count <= leafSize ? 1 : min(max(wanted, 2), Self.maximumLeaders, nodes.count)
    var generator = SplitMix(seed: seed ^ salt &* 0x9e37_79b9_7f4a_7c15)
    return nodes.sample(count, using: &generator)
  }

  /// Writes the nearest leaders of every row, nearest first.
  private func assign(
    _ nodes: ArraySlice<UInt32>, to leaders: UnsafeMatrix, bias: UnsafePointer<Float>, width: Int,
    into out: UnsafeMutablePointer<UInt32>
  ) {
    var block = FormBlock(capacity: nodes.count, form: form)
    block.fill(nodes, from: rows, form: form)
    let count = unsafe leaders.rows
    let products = AlignedBuffer<Float>(zeroed: nodes.count * count)
    // SAFETY: the products have one row for every node and one column for every leader; the caller gives `width` places a node.
    unsafe MatrixProduct.multiply(
      block.matrix, transposed: leaders, into: UnsafeMutableMatrix(products.base, rows: nodes.count, columns: count))
    var best = CandidateBeam(capacity: width)
    for node in 0..<nodes.count {
      let scores = unsafe products.base + node * count
      best.begin(width: width)
      var bound = Float.infinity
      for leader in 0..<count {
        let rank = unsafe bias[leader] - scores[leader]
        guard rank < bound else { continue }
        best.insert(UInt32(leader), rank: rank)
        bound = best.bound
      }
      for place in 0..<width { unsafe out[node * width + place] = best.ordinal(at: place) }
    }
  }
}

extension ArraySlice<UInt32> {
  /// Draws elements without repetition, in the order in which they were drawn.
  ///
  /// - Complexity: O(*n*).
  func sample(_ wanted: Int, using generator: inout SplitMix) -> [UInt32] {
    var pool = Array(self)
    let count = Swift.min(wanted, pool.count)
    for place in 0..<count {
      pool.swapAt(place, place + Int(generator.next(upperBound: UInt64(pool.count - place))))
    }
    return Array(pool[..<count])
  }
}
