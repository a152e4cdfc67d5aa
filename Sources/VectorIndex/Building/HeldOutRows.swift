/// Rows that a graph is built without, so that they can ask it as callers do.
///
/// A row that is a node is no fair query: with it the walk finds its neighbours through itself, and if its node is hidden from the walk, they have
/// lost the edges that led to them through it. So some rows wait, ask, and are inserted afterwards.
enum HeldOutRows {
  /// The most rows that wait.
  private static let mostRows = 1024
  /// One in so many nodes waits.
  private static let share = 16
  /// How often one row may ask, each time changed in another way.
  static let queriesPerRow = 16

  /// Draws rows.
  ///
  /// - Parameters:
  ///   - nodes: The rows that become nodes, ascending.
  ///   - seed: For the draw.
  /// - Returns: Both parts, ascending; nobody waits where there are fewer than sixteen rows.
  static func split(_ nodes: [UInt32], seed: UInt64) -> (heldOut: [UInt32], others: [UInt32]) {
    var generator = SplitMix(seed: seed &+ 3)
    let heldOut = nodes[...].sample(min(mostRows, nodes.count / share), using: &generator).sorted()
    guard !heldOut.isEmpty else { return ([], nodes) }
    let isHeldOut = Set(heldOut)
    return (heldOut, nodes.filter { !isHeldOut.contains($0) })
  }
}
