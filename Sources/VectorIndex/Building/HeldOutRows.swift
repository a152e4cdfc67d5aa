/// Rows that a graph is built without, so that they can ask it as callers do.
///
/// A row that is a node is no fair query: with it the walk finds its neighbours through itself, and if its node is hidden from the walk, they have
/// lost the edges that led to them through it. So some rows wait, ask, and are inserted afterwards.
enum HeldOutRows {
  /// How often one row may ask, each time changed in another way.
  static let queriesPerRow = 8

  /// How many of so many nodes wait: an eighth of a few, and one in 128 of many.
  private static func count(of nodes: Int) -> Int { max(min(nodes / 8, 2048), min(nodes / 128, 8192)) }

  /// Draws rows.
  ///
  /// - Parameters:
  ///   - nodes: The rows that become nodes, ascending.
  ///   - seed: For the draw.
  /// - Returns: Both parts, ascending; nobody waits where there are fewer than eight rows.
  static func split(_ nodes: [UInt32], seed: UInt64) -> (heldOut: [UInt32], others: [UInt32]) {
    var generator = SplitMix(seed: seed &+ 3)
    let heldOut = nodes[...].sample(count(of: nodes.count), using: &generator).sorted()
    guard !heldOut.isEmpty else { return ([], nodes) }
    let isHeldOut = Set(heldOut)
    return (heldOut, nodes.filter { !isHeldOut.contains($0) })
  }
}
