/// Keeps the *k* first rows in the order of results, within a greatest distance.
///
/// A binary heap with the last of the kept rows on top.
struct NearestCollector: ResultCollector {
  private let k: Int
  private let limit: Float
  private let order: ResultOrder
  private let start: Neighbor?
  private let excluded: UInt32?
  private var heap: [Neighbor] = []

  /// Collects rows.
  ///
  /// - Parameters:
  ///   - k: How many to keep, at least 1.
  ///   - limit: The greatest distance of interest; infinity for none.
  ///   - order: What decides.
  ///   - start: Keep only what comes after this row; its distance and key must be those of a row that exists.
  ///   - excluded: A row that is never kept, so that it takes nobody's place.
  init(
    k: Int, limit: Float = .infinity, order: ResultOrder, after start: Neighbor? = nil,
    excluding excluded: Ordinal? = nil
  ) {
    precondition(k >= 1)
    self.k = k
    self.limit = limit
    self.order = order
    self.start = start
    self.excluded = excluded?.rawValue
  }

  var bound: Float { heap.count == k ? min(limit, heap[0].distance) : limit }

  // Of k + 1 rows that a scan scores first, one may be the excluded one.
  var capacity: Int? { start == nil ? (excluded == nil ? k : k + 1) : nil }

  mutating func offer(_ neighbor: Neighbor) {
    guard neighbor.distance <= limit, neighbor.ordinal != excluded else { return }
    if let start, !order.precedes(start, neighbor) { return }
    if heap.count < k {
      // Once, where it would grow four times; a k that few rows may reach need not be provided for.
      if heap.isEmpty { heap.reserveCapacity(min(k, 128)) }
      heap.append(neighbor)
      siftUp(heap.count - 1)
    } else {
      guard order.precedes(neighbor, heap[0]) else { return }
      heap[0] = neighbor
      siftDown(0)
    }
  }

  mutating func unite(_ other: NearestCollector) {
    for neighbor in other.heap { offer(neighbor) }
  }

  /// The rows kept, first to last.
  ///
  /// - Complexity: O(*k* log *k*).
  func sorted() -> [Neighbor] {
    heap.sorted { order.precedes($0, $1) }
  }

  /// The rows kept, first to last, in the memory that they were collected in; none are kept afterwards.
  ///
  /// - Complexity: O(*k* log *k*).
  mutating func takeSorted() -> [Neighbor] {
    heap.sort { order.precedes($0, $1) }
    defer { heap = [] }
    return heap
  }

  private mutating func siftUp(_ from: Int) {
    var child = from
    while child > 0 {
      let parent = (child - 1) / 2
      guard order.precedes(heap[parent], heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown(_ from: Int) {
    var parent = from
    while true {
      var last = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && order.precedes(heap[last], heap[child])
      {
        last = child
      }
      guard last != parent else { return }
      heap.swapAt(parent, last)
      parent = last
    }
  }
}
