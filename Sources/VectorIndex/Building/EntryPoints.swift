/// Where walks begin.
enum EntryPoints {
  /// Draws nodes at random, ascending: with some dozens of them one is near every query's region, and no hierarchy is needed.
  static func draw(_ count: Int, from nodes: [UInt32], seed: UInt64) -> [UInt32] {
    var generator = SplitMix(seed: seed &+ 1)
    return nodes[...].sample(count, using: &generator).sorted()
  }
}
