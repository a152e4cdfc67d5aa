/// The edges of all rows while a graph is built: a fixed number of places a row.
@safe
struct EdgeTable: ~Copyable, @unchecked Sendable {
  let maxDegree: Int
  let count: Int
  let buffer: AlignedBuffer<UInt32>

  /// A table without edges.
  init(count: Int, maxDegree: Int) {
    self.count = count
    self.maxDegree = maxDegree
    buffer = AlignedBuffer(zeroed: count * maxDegree)
    // SAFETY: the buffer has so many places.
    unsafe buffer.base.update(repeating: ProximityGraph.none, count: count * maxDegree)
  }

  /// A table with the edges of the first rows, and room for more rows.
  init(copying edges: MemoryBlock<UInt32>, count: Int, maxDegree: Int) {
    precondition(edges.count <= count * maxDegree && edges.count.isMultiple(of: maxDegree))
    self.count = count
    self.maxDegree = maxDegree
    // SAFETY: the block has so many numbers.
    unsafe buffer = AlignedBuffer(
      copying: edges.base, edges.count, paddedWith: ProximityGraph.none, to: count * maxDegree)
  }

  /// Drops edges that lead nowhere.
  func dropStrays() {
    for row in 0..<count {
      let places = unsafe places(of: row)
      var kept = 0
      // SAFETY: a row has `maxDegree` places.
      for place in 0..<maxDegree where unsafe places[place] < UInt32(count) {
        unsafe places[kept] = places[place]
        kept += 1
      }
      for place in kept..<maxDegree { unsafe places[place] = ProximityGraph.none }
    }
  }

  /// Where the places of a row begin.
  @inline(__always)
  func places(of row: Int) -> UnsafeMutablePointer<UInt32> {
    precondition(row >= 0 && row < count)
    // SAFETY: checked on the line above.
    return unsafe buffer.base + row * maxDegree
  }

  /// Adds the edges of a row to a list.
  @inline(__always)
  func appendNeighbors(of row: Int, to list: inout [UInt32]) {
    let places = unsafe places(of: row)
    for place in 0..<maxDegree {
      // SAFETY: a row has `maxDegree` places.
      let neighbor = unsafe places[place]
      guard neighbor != ProximityGraph.none else { return }
      list.append(neighbor)
    }
  }

  /// Adds an edge where the row has a free place for it or has it already.
  ///
  /// - Parameters:
  ///   - target: Where the edge leads; not to the row itself.
  ///   - row: Written by nobody else meanwhile.
  /// - Returns: Whether the row has the edge now.
  func add(_ target: UInt32, to row: Int) -> Bool {
    let places = unsafe places(of: row)
    let used = degree(of: row)
    if hasEdge(from: row, to: target, among: used) { return true }
    guard used < maxDegree else { return false }
    // SAFETY: a row has `maxDegree` places.
    unsafe places[used] = target
    return true
  }

  /// How many places of a row are taken: the first ones.
  private func degree(of row: Int) -> Int {
    let places = unsafe places(of: row)
    var used = 0
    // SAFETY: a row has `maxDegree` places.
    while used < maxDegree, unsafe places[used] != ProximityGraph.none { used += 1 }
    return used
  }

  private func hasEdge(from row: Int, to neighbor: UInt32, among used: Int) -> Bool {
    let places = unsafe places(of: row)
    // SAFETY: the caller knows that so many places are taken.
    for place in 0..<used where unsafe places[place] == neighbor { return true }
    return false
  }

  /// The finished edges.
  consuming func seal() -> MemoryBlock<UInt32> {
    MemoryBlock(buffer)
  }
}

/// Who has an edge to each row: the same edges, grouped by target.
struct ReverseEdges: Sendable {
  private let ends: [Int]
  private let sources: [UInt32]

  /// Turns a table round.
  ///
  /// Sources are ascending for every target.
  ///
  /// - Complexity: O(*n* · *R*).
  init(of table: borrowing EdgeTable) {
    let total = table.count * table.maxDegree
    var ends = [Int](repeating: 0, count: table.count + 1)
    var sources: [UInt32] = []
    // SAFETY: the table has `total` places; targets are below its count.
    let places = unsafe table.buffer.base
    for place in 0..<total where unsafe places[place] != ProximityGraph.none {
      ends[unsafe Int(places[place]) + 1] += 1
    }
    for row in 0..<table.count { ends[row + 1] += ends[row] }
    sources = [UInt32](repeating: 0, count: ends[table.count])
    var next = ends
    for row in 0..<table.count {
      for place in row * table.maxDegree..<(row + 1) * table.maxDegree {
        let target = unsafe places[place]
        guard target != ProximityGraph.none else { break }
        sources[next[Int(target)]] = UInt32(row)
        next[Int(target)] += 1
      }
    }
    self.ends = ends
    self.sources = sources
  }

  /// The rows that have an edge to `row`, ascending.
  func sources(of row: Int) -> ArraySlice<UInt32> {
    sources[ends[row]..<ends[row + 1]]
  }
}
