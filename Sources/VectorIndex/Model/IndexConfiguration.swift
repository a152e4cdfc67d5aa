/// How an index is built.
///
/// The defaults suit image embeddings of 128 to 1,536 numbers; what depends on the data (which codes, which beam) is measured by the build
/// and no parameter.
public struct IndexConfiguration: Hashable, Sendable {
  /// How the graph is made.
  public var method = BuildMethod.bulk
  /// The most edges of a node (elsewhere R, M or `max_degree`).
  public var maxDegree = 48
  /// How much nearer an edge's target must be to an earlier edge's target to be left out (elsewhere alpha).
  public var pruneSlack: Float = 1.1
  /// Rows whose products are formed together.
  public var leafSize = 512
  /// How many leaves a row is in.
  public var leafOverlap = 3
  /// Candidates that a row takes from each of its leaves.
  public var leafNeighbors = 12
  /// The beam of the walks that find further candidates (elsewhere efConstruction or L).
  public var buildWidth = 48
  /// How many nodes walks begin at.
  public var entryPoints = 64
  /// The codes; nil to measure which are best.
  public var format: CodeFormat?
  /// Where all randomness comes from.
  public var seed: UInt64 = 0x6b61_6761_6d69

  /// The defaults.
  public init() {}
}
