/// Chooses how a search is done, from sizes alone.
///
/// Costs are compared in codes of one scan, which are read one after another: a hop of a walk, with its edges and some twenty codes from
/// anywhere in memory, costs as much as hundreds of them. So few matching rows are scanned, be they a large share of a small
/// index, and many are walked among. The numbers were measured on 100,000 image embeddings of 512 numbers.
public struct QueryPlanner: Hashable, Sendable {
  /// Codes that a scan reads in the time of one hop.
  public var hopCost = 230
  /// Up to so many rows all are compared exactly: their codes would spare nothing.
  public var exactRows = 96
  /// The measured planner.
  public init() {}

  /// What a plan depends on.
  public struct Question: Hashable, Sendable {
    /// Rows with a node in the graph.
    public var nodes: Int
    /// Nodes that a filter leaves; nil without a filter.
    public var matches: Int?
    /// How many results are wanted.
    public var k: Int
    /// How many candidates are kept.
    public var width: Int

    /// What a plan depends on.
    public init(nodes: Int, matches: Int?, k: Int, width: Int) {
      (self.nodes, self.matches, self.k, self.width) = (nodes, matches, k, width)
    }

    /// The share of nodes that the filter leaves.
    var selectivity: Double { matches.map { Double($0) / Double(max(nodes, 1)) } ?? 1 }
  }

  /// The plan for a search that need not be exact.
  public func plan(_ question: Question) -> SearchPlan {
    let rows = question.matches ?? question.nodes
    guard question.width <= SearchScratch.maximumWidth, rows > max(exactRows, 2 * question.width) else { return .exact }
    guard let matches = question.matches else { return .walk }
    return matches <= hops(question) * hopCost ? .scan : .filteredWalk
  }

  /// How many hops a filtered walk probably takes: it expands what it keeps and what lies between, which is more than on average
  /// where matching rows lie together.
  private func hops(_ question: Question) -> Int {
    let share = max(question.selectivity, 1e-6)
    return Int(min(2 * Double(question.width) / share, 1e9)) + Self.approach
  }

  /// How many hops a filtered walk may take before a scan is the better way: after so many the scan is hardly slower.
  ///
  /// A filter may leave out just what lies around the query; no share of all rows tells.
  func hopLimit(_ question: Question) -> Int {
    max(2 * hops(question), (question.matches ?? question.nodes) / max(hopCost, 1))
  }

  /// Hops until a walk is near the query.
  private static let approach = 8
}
