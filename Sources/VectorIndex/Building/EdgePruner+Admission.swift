extension EdgePruner {
  /// Takes one more edge into a row whose places are full, or leaves it out: what choosing anew would do about this one candidate, without
  /// comparing the others with one another again.
  ///
  /// The newcomer is left out when a nearer edge leads to a place that is nearer to it, by the slack, than the row is. Otherwise it comes in,
  /// and those go that are farther from the row and that it occludes in the same way; where there is none, the farthest of all goes.
  ///
  /// - Parameters:
  ///   - newcomer: A row that is not among the edges.
  ///   - row: Whose edges they are.
  ///   - edges: `maxDegree` ordinals; they stay in their order, and the newcomer comes last.
  /// - Returns: Whether the newcomer came in.
  /// - Complexity: 2 · `maxDegree` distances; choosing anew takes some ten times as many.
  mutating func admit(_ newcomer: UInt32, to row: UInt32, edges: UnsafeMutablePointer<UInt32>) -> Bool {
    // SAFETY: the buffers have room for the edges and the newcomer.
    let (ordinals, distances, between) = unsafe (ordinals.base, distances.base, between.base)
    unsafe ordinals.update(from: edges, count: maxDegree)
    unsafe ordinals[maxDegree] = newcomer
    unsafe rows.squaredDistances(from: row, to: ordinals, count: maxDegree + 1, scratch: scratch, into: distances)
    unsafe rows.squaredDistances(from: newcomer, to: ordinals, count: maxDegree, scratch: scratch, into: between)
    let own = unsafe distances[maxDegree]
    var farthest = maxDegree
    var kept = 0
    for place in 0..<maxDegree {
      let (distance, apart) = unsafe (distances[place], squaredSlack * between[place])
      if apart <= own && distance <= own { return false }
      if unsafe distance > distances[farthest] { farthest = place }
      if apart <= distance && distance > own { continue }
      unsafe ordinals[kept] = ordinals[place]
      kept += 1
    }
    if kept == maxDegree {
      guard farthest < maxDegree else { return false }
      unsafe (ordinals + farthest).update(from: ordinals + farthest + 1, count: maxDegree - farthest - 1)
      kept -= 1
    }
    unsafe ordinals[kept] = newcomer
    unsafe edges.update(from: ordinals, count: kept + 1)
    for place in kept + 1..<max(maxDegree, kept + 1) { unsafe edges[place] = ProximityGraph.none }
    return true
  }
}
