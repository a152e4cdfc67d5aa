/// Where walks begin.
enum EntryPoints {
  /// The most entry points that are there for their length.
  private static let mostOutliers = 32
  /// Rows whose lengths say what is usual.
  private static let sampleSize = 20_000

  /// Draws nodes at random, ascending: with some dozens of them one is near every query's region, and no hierarchy is needed.
  ///
  /// Outliers come in addition; see ``outliers(among:codes:)``.
  static func draw(_ count: Int, from nodes: [UInt32], codes: CodeStore, seed: UInt64) -> [UInt32] {
    var generator = SplitMix(seed: seed &+ 1)
    let drawn = nodes[...].sample(count, using: &generator)
    return Set(drawn).union(outliers(among: nodes, codes: codes)).sorted()
  }

  /// The nodes that are far longer than is usual, at most a few dozen, the longest: nobody's neighbours, so that walks hardly come by.
  ///
  /// Under inner product they are the answer to half of all queries. Lengths are those beside the codes; where there are none, all rows are
  /// equally long.
  static func outliers(among nodes: [UInt32], codes: CodeStore) -> [UInt32] {
    guard codes.terms != nil else { return [] }
    let step = (codes.count + sampleSize - 1) / sampleSize
    let lengths = stride(from: 0, to: codes.count, by: step).map { codes.length(of: UInt32($0)) }.sorted()
    let usual = lengths[lengths.count / 2]
    let long = nodes.map { (length: codes.length(of: $0), node: $0) }.filter { $0.length > 2 * usual }
    return long.sorted { ($1.length, $0.node) < ($0.length, $1.node) }.prefix(mostOutliers).map(\.node)
  }
}
