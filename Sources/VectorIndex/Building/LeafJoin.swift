import VectorKernels

/// The nearest rows of every row among those of its leaves: where bulk building gets its candidates.
///
/// Each row has a slot for every leaf it is in, so that leaves of different workers never write to the same place.
@safe
struct LeafNeighbors: ~Copyable, @unchecked Sendable {
  private let slots: Int
  private let width: Int
  private let ordinals: AlignedBuffer<UInt32>

  /// Finds the candidates of all nodes.
  ///
  /// - Parameters:
  ///   - partition: How leaves are made.
  ///   - nodes: The rows that are linked.
  ///   - count: The rows of the index, nodes or not.
  ///   - overlap: How many leaves every node is in.
  ///   - width: How many candidates a node takes from each.
  ///   - workers: Who multiplies.
  ///   - tick: Hears how much is done.
  /// - Complexity: O(*n* · *overlap* · *leaf size* · *d*).
  init(
    _ partition: LeafPartition, nodes: [UInt32], count: Int, overlap: Int, width: Int, workers: WorkerPool,
    tick: (Double) -> Void
  ) {
    slots = overlap
    self.width = width
    let ordinals = AlignedBuffer<UInt32>(zeroed: count * overlap * width)
    // SAFETY: the buffer has so many places.
    unsafe ordinals.base.update(repeating: ProximityGraph.none, count: ordinals.count)
    let groups = partition.divide(nodes, overlap: overlap, workers: workers)
    let slotOfMember = Self.slots(of: groups, count: count)
    // SAFETY: a row's slot belongs to one group, and a group to one task.
    nonisolated(unsafe) let base = unsafe ordinals.base
    workers.run(tasks: groups.count) { task, worker in
      var join = LeafJoin(partition, width: width)
      var slotOf: [UInt32: UInt8] = [:]
      for (member, slot) in zip(groups[task], slotOfMember[task]) { slotOf[member] = slot }
      partition.forEachLeaf(of: groups[task], salt: UInt64(task) + 1) { leaf in
        join.join(leaf) { row, neighbors in
          let place = (Int(row) * overlap + Int(slotOf[row] ?? 0)) * width
          for (index, neighbor) in neighbors.enumerated() { unsafe base[place + index] = neighbor }
        }
      }
      if worker == 0 { tick(Double(task) / Double(groups.count)) }
    }
    self.ordinals = ordinals
  }

  /// Which of its groups, in order, each group is for each of its members.
  private static func slots(of groups: [[UInt32]], count: Int) -> [[UInt8]] {
    var used = [UInt8](repeating: 0, count: count)
    return groups.map { group in
      group.map { member in
        defer { used[Int(member)] += 1 }
        return used[Int(member)]
      }
    }
  }

  /// Adds the candidates of a row to a list.
  func append(of row: Int, to list: inout [UInt32]) {
    for place in row * slots * width..<(row + 1) * slots * width {
      // SAFETY: every row has slots × width places.
      let ordinal = unsafe ordinals.base[place]
      if ordinal != ProximityGraph.none { list.append(ordinal) }
    }
  }
}

/// All products of the rows of a leaf, and the nearest few of each.
@safe
struct LeafJoin: ~Copyable {
  private let partition: LeafPartition
  private var block: FormBlock
  private let products: AlignedBuffer<Float>
  private let negatedBias: AlignedBuffer<Float>
  private let selected: AlignedBuffer<UInt32>
  private var best: CandidateBeam
  private let width: Int

  init(_ partition: LeafPartition, width: Int) {
    self.partition = partition
    self.width = width
    let size = partition.leafSize
    block = FormBlock(capacity: size, form: partition.form)
    products = AlignedBuffer(zeroed: size * size)
    negatedBias = AlignedBuffer(zeroed: size)
    selected = AlignedBuffer(zeroed: size + 16)
    best = CandidateBeam(capacity: width)
  }

  /// Finds the nearest rows of every row of a leaf.
  ///
  /// - Parameters:
  ///   - leaf: At most `leafSize` rows.
  ///   - body: Gets a row and its neighbours, nearest first.
  mutating func join(_ leaf: [UInt32], _ body: (UInt32, [UInt32]) -> Void) {
    let count = leaf.count
    guard count > 1 else { return }
    block.fill(leaf[...], from: partition.rows, form: partition.form)
    // SAFETY: the leaf's rows fit the buffers, which are made for `leafSize` rows.
    unsafe MatrixProduct.multiply(
      block.matrix, transposed: block.matrix,
      into: UnsafeMutableMatrix(products.base, rows: count, columns: count))
    for index in 0..<count { unsafe negatedBias.base[index] = -block.halfNorms.base[index] }
    for row in 0..<count {
      unsafe products.base[row * count + row] = -.infinity
      unsafe selectNearest(products.base + row * count, count: count)
      body(leaf[row], (0..<best.count).map { leaf[Int(best.ordinal(at: $0))] })
    }
  }

  /// Keeps the rows with the greatest products, less half their squared length: those at the least distance.
  private mutating func selectNearest(_ scores: UnsafePointer<Float>, count: Int) {
    best.begin(width: width)
    let head = min(count, 4 * width)
    // SAFETY: the caller gives `count` scores; the biases have as many.
    for index in 0..<head { unsafe offer(index, scores) }
    guard head < count else { return }
    let select = unsafe DistanceKernels.active.selectAtLeast
    let found = unsafe select(scores + head, negatedBias.base + head, count - head, -best.bound, selected.base)
    for index in 0..<found { unsafe offer(head + Int(selected.base[index]), scores) }
  }

  @inline(__always)
  private mutating func offer(_ index: Int, _ scores: UnsafePointer<Float>) {
    // SAFETY: the caller keeps the index below the count of scores, and there are as many biases.
    let rank = unsafe -(scores[index] + negatedBias.base[index])
    guard rank.isFinite else { return }
    best.insert(UInt32(index), rank: rank)
  }
}
