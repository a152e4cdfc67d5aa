extension ProximityGraph {
  /// What a sound graph never has.
  enum Violation: Error, Hashable {
    /// An edge that leads to no row.
    case edgeOutOfRange(node: Int)
    /// An edge behind a free place, where no walk sees it.
    case gap(node: Int)
    /// An edge of a node to itself.
    case selfLoop(node: Int)
    /// Two edges to the same row.
    case repetition(node: Int)
    /// An edge that leads to a row which is the copy of a node.
    case edgeToCopy(node: Int)
    /// An entry point that is no row, a copy, or named twice.
    case entryPoint(place: Int)
    /// A row that is a copy of two rows, or one before what it copies.
    case copy(of: Int)
    /// A number of copies that is not the one kept.
    case copyCount(found: Int)
    /// Memory of another size than the rows need.
    case size
  }

  /// Checks everything that walks and answers rely on.
  ///
  /// - Throws: The first ``Violation`` found.
  /// - Complexity: O(*n* · *R* log *R*).
  func checkInvariants() throws(Violation) {
    guard maxDegree > 0, edges.count == count * maxDegree, copies.next.map({ $0.count == count }) ?? true else {
      throw .size
    }
    let isCopy = try checkCopies()
    try checkEntryPoints(isCopy)
    for node in 0..<count { try checkEdges(of: node, isCopy) }
  }

  private func checkEdges(of node: Int, _ isCopy: Bitmap) throws(Violation) {
    var targets: [UInt32] = []
    var hasEnded = false
    for place in node * maxDegree..<(node + 1) * maxDegree {
      let target = edges[place]
      guard target != Self.none else {
        hasEnded = true
        continue
      }
      guard !hasEnded else { throw .gap(node: node) }
      guard target < count else { throw .edgeOutOfRange(node: node) }
      guard target != node else { throw .selfLoop(node: node) }
      guard !isCopy[target], !isCopy[UInt32(node)] else { throw .edgeToCopy(node: node) }
      targets.append(target)
    }
    guard Set(targets).count == targets.count else { throw .repetition(node: node) }
  }

  private func checkEntryPoints(_ isCopy: Bitmap) throws(Violation) {
    var seen = Bitmap(count: count)
    for place in 0..<entryPoints.count {
      let entry = entryPoints[place]
      guard entry < count, !isCopy[entry], !seen[entry] else { throw .entryPoint(place: place) }
      seen.insert(entry)
    }
  }

  /// Lists ascend, so that none runs in a circle; and as each row is in one list only, there are as many copies as links.
  private func checkCopies() throws(Violation) -> Bitmap {
    var isCopy = Bitmap(count: count)
    guard let next = copies.next else { return isCopy }
    for row in 0..<count where next[row] != Self.none {
      guard next[row] < count, next[row] > row, !isCopy[next[row]] else { throw .copy(of: row) }
      isCopy.insert(next[row])
    }
    guard isCopy.population == copies.count else { throw .copyCount(found: isCopy.population) }
    return isCopy
  }
}
