/// Codes and graph of the first rows of an index, and what was measured when they were built: everything that an approximate search
/// reads.
///
/// Immutable. Rows that came later are not in it; they are scanned.
public final class GraphIndex: Sendable {
  /// Short codes of the rows.
  let codes: CodeStore
  /// Which rows lie near which.
  let graph: ProximityGraph
  /// Which beam reaches which recall.
  public let calibration: Calibration
  /// The formats of codes that were tried, the chosen one first; empty where the format was given.
  public let trials: [FormatTrial]
  let scratches = ScratchPool()

  /// How many rows are covered.
  public var count: Int { graph.count }

  init(codes: CodeStore, graph: ProximityGraph, calibration: Calibration, trials: [FormatTrial]) {
    precondition(codes.count == graph.count)
    self.codes = codes
    self.graph = graph
    self.calibration = calibration
    self.trials = trials
  }
}
