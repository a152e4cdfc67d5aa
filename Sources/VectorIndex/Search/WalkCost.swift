/// What walks cost, in things that do not depend on the machine.
public struct WalkCost: Hashable, Sendable {
  /// Nodes whose edges were read.
  public var hops = 0
  /// Distances estimated from codes.
  public var estimates = 0
  /// Distances computed from rows.
  public var rescored = 0

  /// Nothing so far.
  public init() {}

  /// Adds what another walk cost.
  public mutating func add(_ other: WalkCost) {
    hops += other.hops
    estimates += other.estimates
    rescored += other.rescored
  }
}
