/// Keeps the *k* groups whose best rows come first, and the best row of each, for a *k* that may be large.
///
/// Holds at most ``capacity(k:)`` groups, however many rows are offered: when there are so many, all but the first *k* go. A group that went
/// had a best row behind those of *k* others, which can only get better; so it is never missed, and where it comes back with a better row, that
/// row is its best.
package struct BestOfGroups: ResultCollector {
  private let k: Int
  private let limit: Float
  private let order: ResultOrder
  private let groups: GroupColumn
  private let excluded: UInt32?
  /// The best row of each group.
  private var best: [UInt32: Neighbor] = [:]
  package private(set) var bound: Float

  /// Collects groups.
  ///
  /// - Parameters:
  ///   - k: How many groups to answer, at least 1.
  ///   - limit: The greatest distance of interest; infinity for none.
  ///   - order: What decides.
  ///   - groups: Which group a row belongs to.
  ///   - excluded: A row that leads no group.
  package init(k: Int, limit: Float, order: ResultOrder, groups: GroupColumn, excluding excluded: Ordinal? = nil) {
    precondition(k >= 1)
    self.k = k
    self.limit = limit
    self.order = order
    self.groups = groups
    self.excluded = excluded?.rawValue
    bound = limit
  }

  package var capacity: Int? { nil }

  /// Groups that a collector holds at most.
  package static func capacity(k: Int) -> Int { k + max(k, 64) }

  /// How many groups are held.
  package var count: Int { best.count }

  /// - Complexity: O(log *k*), spread over many offers.
  package mutating func offer(_ neighbor: Neighbor) {
    guard neighbor.distance <= bound, neighbor.ordinal != excluded else { return }
    let group = groups[neighbor.ordinal]
    if let known = best[group], !order.precedes(neighbor, known) { return }
    best[group] = neighbor
    if best.count == Self.capacity(k: k) { prune() }
  }

  package mutating func unite(_ other: BestOfGroups) {
    for neighbor in other.best.values { offer(neighbor) }
  }

  /// The first *k* groups with their best rows, first to last.
  ///
  /// - Complexity: O(*k* log *k*).
  package func sorted() -> [(neighbor: Neighbor, group: UInt32)] {
    var all = best.map { (neighbor: $0.value, group: $0.key) }
    all.sort { order.precedes($0.neighbor, $1.neighbor) }
    if all.count > k { all.removeLast(all.count - k) }
    return all
  }

  private mutating func prune() {
    let kept = sorted()
    best.removeAll(keepingCapacity: true)
    for (neighbor, group) in kept { best[group] = neighbor }
    if let last = kept.last { bound = min(bound, last.neighbor.distance) }
  }
}
