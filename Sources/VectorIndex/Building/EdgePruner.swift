/// Chooses a row's edges among candidates: near ones, in different directions.
///
/// A candidate is left out when an edge chosen before it leads to a place that is nearer to it, by the slack, than the row is. The comparison
/// is not strict, so that among rows at the same place one edge is enough.
///
/// RobustPrune (Subramanya et al. 2019).
@safe
struct EdgePruner: ~Copyable {
  let rows: any RowDistances
  let maxDegree: Int
  let squaredSlack: Float
  private let capacity: Int
  let scratch: ByteScratch
  let ordinals: AlignedBuffer<UInt32>
  let distances: AlignedBuffer<Float>
  let between: AlignedBuffer<Float>
  private let order: AlignedBuffer<UInt64>

  /// The most candidates that are considered, the nearest ones.
  static let consideredCandidates = 128

  /// A pruner for rows of one build.
  init(rows: any RowDistances, maxDegree: Int, slack: Float, capacity: Int) {
    self.rows = rows
    self.maxDegree = maxDegree
    self.capacity = capacity
    squaredSlack = slack * slack
    scratch = ByteScratch(stride: rows.stride, batch: capacity)
    ordinals = AlignedBuffer(zeroed: capacity)
    distances = AlignedBuffer(zeroed: capacity)
    between = AlignedBuffer(zeroed: capacity)
    order = AlignedBuffer(zeroed: capacity)
  }

  /// Writes the edges of a row, nearest first.
  ///
  /// - Parameters:
  ///   - row: Whose edges they are.
  ///   - candidates: Other rows, in any order, with or without repetition; sorted and cut here.
  ///   - keepsAll: Whether all candidates are taken where they are no more than the places.
  ///   - edges: Gets `maxDegree` ordinals, the last ones ``ProximityGraph/none``.
  mutating func choose(
    for row: UInt32, among candidates: inout [UInt32], keepsAll: Bool, edges: UnsafeMutablePointer<UInt32>
  ) {
    Self.removeRepetitions(&candidates, except: row)
    var remaining = sort(candidates, from: row)
    var chosen = 0
    if keepsAll && remaining <= maxDegree {
      // SAFETY: there is room for `maxDegree` edges.
      for index in 0..<remaining { unsafe edges[index] = ordinals.base[index] }
      chosen = remaining
      remaining = 0
    }
    remaining = min(remaining, Self.consideredCandidates)
    while remaining > 0 && chosen < maxDegree {
      let next = unsafe ordinals.base[0]
      unsafe edges[chosen] = next
      chosen += 1
      remaining = dropOccluded(by: next, remaining: remaining)
    }
    for place in chosen..<maxDegree { unsafe edges[place] = ProximityGraph.none }
  }

  /// Takes the first candidate away, and those that it occludes.
  private mutating func dropOccluded(by chosen: UInt32, remaining: Int) -> Int {
    // SAFETY: `remaining` candidates are in the buffers, whose room is `capacity`.
    let (ordinals, distances, between) = unsafe (ordinals.base, distances.base, between.base)
    unsafe rows.squaredDistances(
      from: chosen, to: ordinals + 1, count: remaining - 1, scratch: scratch, into: between)
    var kept = 0
    for index in 1..<max(remaining, 1) where unsafe squaredSlack * between[index - 1] > distances[index] {
      unsafe ordinals[kept] = ordinals[index]
      unsafe distances[kept] = distances[index]
      kept += 1
    }
    return kept
  }

  /// Puts the candidates into the buffers, nearest first and at the same distance by ordinal.
  private mutating func sort(_ candidates: [UInt32], from row: UInt32) -> Int {
    let count = min(candidates.count, capacity)
    // SAFETY: at most `capacity` candidates are taken.
    let (ordinals, distances, order) = unsafe (ordinals.base, distances.base, order.base)
    for index in 0..<count { unsafe ordinals[index] = candidates[index] }
    unsafe rows.squaredDistances(from: row, to: ordinals, count: count, scratch: scratch, into: distances)
    // Squared distances are not negative, so that they compare like their bits.
    for index in 0..<count {
      unsafe order[index] = UInt64(distances[index].bitPattern) << 32 | UInt64(ordinals[index])
    }
    var keys = unsafe UnsafeMutableBufferPointer(start: order, count: count)
    unsafe keys.sort()
    for index in 0..<count {
      unsafe ordinals[index] = UInt32(truncatingIfNeeded: order[index])
      unsafe distances[index] = Float(bitPattern: UInt32(order[index] >> 32))
    }
    return count
  }

  private static func removeRepetitions(_ candidates: inout [UInt32], except row: UInt32) {
    candidates.sort()
    var kept = 0
    var last = ProximityGraph.none
    for index in candidates.indices where candidates[index] != last && candidates[index] != row {
      last = candidates[index]
      candidates[kept] = last
      kept += 1
    }
    candidates.removeLast(candidates.count - kept)
  }
}
