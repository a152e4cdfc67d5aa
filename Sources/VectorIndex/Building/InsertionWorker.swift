/// What one worker of an insertion needs: it walks, compares and prunes.
@safe
final class InsertionWorker: @unchecked Sendable {
  private let walker: BuildWalker
  private let distances: any RowDistances
  private var pruner: EdgePruner
  private let scratch: ByteScratch
  private let toBatch: AlignedBuffer<Float>
  private var nearest: CandidateBeam
  private let maxDegree: Int
  /// The rows that lost edges by this worker's hand.
  private(set) var changed: [UInt32] = []
  /// The candidates of the row in hand.
  var list: [UInt32] = []

  /// The most rows of a batch.
  static let batchCapacity = 4096

  init(_ configuration: IndexConfiguration, codes: CodeStore, rows: RowStore, distances: any RowDistances) {
    self.distances = distances
    maxDegree = configuration.maxDegree
    walker = BuildWalker(codes: codes, rows: rows, degree: maxDegree, width: configuration.buildWidth)
    pruner = EdgePruner(
      rows: distances, maxDegree: maxDegree, slack: configuration.pruneSlack, capacity: Self.batchCapacity)
    scratch = ByteScratch(stride: distances.stride, batch: Self.batchCapacity)
    toBatch = AlignedBuffer(zeroed: Self.batchCapacity)
    nearest = CandidateBeam(capacity: maxDegree)
  }

  /// Adds the rows that a walk towards `row` finds.
  func walk(_ graph: ProximityGraph, towards row: UInt32, width: Int) {
    walker.walk(graph, towards: row, width: width)
    walker.appendBeam(to: &list)
  }

  /// Adds the rows of a batch that are nearest to one of them, compared one by one: walks cannot find them yet.
  func appendNearest(to row: UInt32, in batch: MemoryBlock<UInt32>) {
    precondition(batch.count <= Self.batchCapacity)
    let out = unsafe toBatch.base
    // SAFETY: the batch fits the buffers.
    unsafe distances.squaredDistances(from: row, to: batch.base, count: batch.count, scratch: scratch, into: out)
    nearest.begin(width: maxDegree)
    for index in 0..<batch.count {
      let distance = unsafe out[index]
      if distance < nearest.bound { nearest.insert(batch[index], rank: distance) }
    }
    for place in 0..<nearest.count { list.append(nearest.ordinal(at: place)) }
  }

  /// Chooses the edges of a row among ``list``, which is empty afterwards.
  func choose(for row: UInt32, keepsAll: Bool, in table: borrowing EdgeTable) {
    // SAFETY: a row has `maxDegree` places, which the one task that has the row writes.
    unsafe pruner.choose(for: row, among: &list, keepsAll: keepsAll, edges: table.places(of: Int(row)))
    list.removeAll(keepingCapacity: true)
  }

  /// Gives a row whose places are full one more edge, if that is worth one of its others.
  ///
  /// Every fourth time all edges are chosen anew, so that edges which need not be there do not stay for ever: they cost every walk that comes by.
  func admit(_ newcomer: UInt32, to row: UInt32, in table: borrowing EdgeTable) {
    guard (newcomer &+ row) & 3 != 0 else {
      table.appendNeighbors(of: Int(row), to: &list)
      list.append(newcomer)
      choose(for: row, keepsAll: true, in: table)
      return changed.append(row)
    }
    // SAFETY: all places of the row are taken, and the one task that has the row writes them.
    if unsafe pruner.admit(newcomer, to: row, edges: table.places(of: Int(row))) { changed.append(row) }
  }
}
