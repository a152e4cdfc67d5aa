/// The rows that are exact copies of a node, as lists that begin at the node.
///
/// Copies would fill each other's edges: 1,000 identical images know only themselves. So one of them, the first, is the node.
struct CopyLists: Sendable {
  /// The next copy of every row, or ``ProximityGraph/none``; nil where no row has a copy.
  let next: MemoryBlock<UInt32>?
  /// How many rows are copies of an earlier one.
  let count: Int
  /// The rows with a next copy: few bytes, so that a search hardly ever waits for the news that there is none.
  private let hasNext: Bitmap

  /// Lists that were made.
  ///
  /// - Parameters:
  ///   - next: The next copy of every row, or ``ProximityGraph/none``; nil where no row has a copy.
  ///   - count: How many rows are copies of an earlier one.
  /// - Complexity: O(*n*) where there are copies.
  init(next: MemoryBlock<UInt32>?, count: Int) {
    self.next = next
    self.count = count
    var hasNext = Bitmap(count: next?.count ?? 0)
    next?.withSpan { next in
      for row in next.indices where next[row] != ProximityGraph.none { hasNext.insert(UInt32(row)) }
    }
    self.hasNext = hasNext
  }

  /// No copies.
  static let empty = CopyLists(next: nil, count: 0)

  /// The first copy of a node, or that after a copy.
  @inline(__always)
  func after(_ row: UInt32) -> UInt32? {
    guard let next, hasNext[row] else { return nil }
    let copy = next[Int(row)]
    // Copies come after what they copy; a list read from a damaged file can therefore not run in a circle, nor out of the rows.
    return copy > row && Int(copy) < next.count ? copy : nil
  }

  /// The copies of a node, in the order of their list.
  func of(_ node: UInt32) -> some Sequence<UInt32> {
    sequence(state: node) { row in
      guard let copy = after(row) else { return nil }
      row = copy
      return copy
    }
  }

  /// The rows at which lists begin, ascending.
  ///
  /// - Complexity: O(*n*).
  var nodes: [UInt32] {
    guard let next else { return [] }
    var isCopy = Bitmap(count: next.count)
    let rows = 0..<UInt32(next.count)
    for copy in rows.lazy.compactMap(after) { isCopy.insert(copy) }
    return rows.filter { after($0) != nil && !isCopy[$0] }
  }
}
