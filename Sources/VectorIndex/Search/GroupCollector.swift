/// Keeps the *k* groups whose best rows come first, and the best row of each.
///
/// Rows of the same work compete for one place, so that *k* works are found however many near-identical pictures one of them has.
struct GroupCollector: ResultCollector {
  private let k: Int
  private let limit: Float
  private let order: ResultOrder
  private let groups: GroupColumn
  private let excluded: UInt32?
  /// The best row of each group kept, first to last.
  private(set) var best: [(neighbor: Neighbor, group: UInt32)] = []

  /// Collects groups.
  ///
  /// - Parameters:
  ///   - k: How many to keep, at least 1.
  ///   - limit: The greatest distance of interest; infinity for none.
  ///   - order: What decides.
  ///   - groups: Which group a row belongs to.
  ///   - excluded: A row that leads no group.
  init(k: Int, limit: Float, order: ResultOrder, groups: GroupColumn, excluding excluded: Ordinal? = nil) {
    precondition(k >= 1)
    self.k = k
    self.limit = limit
    self.order = order
    self.groups = groups
    self.excluded = excluded?.rawValue
  }

  var bound: Float {
    guard best.count == k, let last = best.last else { return limit }
    return min(limit, last.neighbor.distance)
  }

  var capacity: Int? { nil }

  /// - Complexity: O(*k*) for a row that is kept.
  mutating func offer(_ neighbor: Neighbor) {
    guard neighbor.distance <= limit, neighbor.ordinal != excluded else { return }
    let group = groups[neighbor.ordinal]
    if let known = best.firstIndex(where: { $0.group == group }) {
      guard order.precedes(neighbor, best[known].neighbor) else { return }
      best.remove(at: known)
    } else if best.count == k {
      guard let last = best.last, order.precedes(neighbor, last.neighbor) else { return }
      best.removeLast()
    }
    let place = best.firstIndex { order.precedes(neighbor, $0.neighbor) } ?? best.count
    best.insert((neighbor, group), at: place)
  }

  mutating func unite(_ other: GroupCollector) {
    for (neighbor, _) in other.best { offer(neighbor) }
  }
}
