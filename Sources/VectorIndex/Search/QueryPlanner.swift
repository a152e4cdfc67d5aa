/// Chooses how a search is done, from sizes alone.
///
/// Costs are compared in codes of one scan, which are read one after another: a hop of a walk, with its edges and some twenty codes from
/// anywhere in memory, costs as much as hundreds of them. So a filter that leaves little is scanned, in a large index also one that leaves
/// a larger share, and the rest is walked. The numbers were measured on 100,000 image embeddings of 512 numbers.
public struct QueryPlanner: Hashable, Sendable {
  /// Codes that a scan reads in the time of one hop.
  public var hopCost = 300
  /// Up to so many rows all are compared exactly: their codes would spare nothing.
  public var exactRows = 96

  /// The measured planner.
  public init() {}

  /// What a plan depends on.
  struct Question {
    /// Rows with a node in the graph.
    var nodes: Int
    /// Nodes that a filter leaves; nil without a filter.
    var matches: Int?
    /// How many results are wanted.
    var k: Int
    /// How many candidates are kept.
    var width: Int

    /// The share of nodes that the filter leaves.
    var selectivity: Double { matches.map { Double($0) / Double(max(nodes, 1)) } ?? 1 }
  }

  /// The plan for a search that need not be exact.
  func plan(_ question: Question) -> SearchPlan {
    let rows = question.matches ?? question.nodes
    guard question.width <= SearchScratch.maximumWidth, rows > max(exactRows, 2 * question.width) else { return .exact }
    guard let matches = question.matches else { return .walk }
    let hops = question.width + guideWidth(question) + Self.approach
    return matches <= hops * hopCost ? .scan : .filteredWalk
  }

  /// How many rows that a filter leaves out a filtered walk keeps to find its way.
  ///
  /// As many as lie among the matching ones on average; and never few, because a filter may leave out the query's own surroundings.
  func guideWidth(_ question: Question) -> Int {
    let share = max(question.selectivity, 1e-6)
    let between = Double(question.width) * (1 - share) / share
    return Int(min(max(between, Double(question.width) / 2, 16), Double(SearchScratch.maximumWidth)))
  }

  /// Hops until a walk is near the query.
  private static let approach = 8
}
