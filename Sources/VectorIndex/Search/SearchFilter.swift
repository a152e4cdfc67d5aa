import Synchronization

/// Which rows a search may answer: what the caller's filter allows among the rows that are there.
///
/// A reference, so that one filter compiled for one revision serves many searches and what they need of it is made once.
public final class SearchFilter: Sendable {
  /// The rows, tombstones taken out.
  public let allowed: Bitmap
  /// How many rows there are.
  public let count: Int
  private let selected = Mutex<RowSelection?>(nil)
  private let nodes = Mutex<MatchingNodes?>(nil)

  /// Allows some rows.
  ///
  /// - Parameter allowed: The rows that the filter's conditions name, already cut with the live ones.
  public init(allowed: Bitmap) {
    self.allowed = allowed
    count = allowed.population
  }

  /// The rows as a scan reads them.
  ///
  /// - Complexity: O(*n* / 64 + members) the first time, then O(1).
  public var selection: RowSelection {
    selected.withLock { made in
      if let selection = made { return selection }
      let selection = RowSelection(allowed)
      made = selection
      return selection
    }
  }

  /// The rows as nodes of a graph.
  ///
  /// - Complexity: O(*n* / 64 + copies) the first time that this graph is asked about, then O(1).
  func nodes(of index: GraphIndex) -> MatchingNodes {
    nodes.withLock { made in
      if let nodes = made, nodes.index === index { return nodes }
      let nodes = MatchingNodes(allowed, of: index)
      made = nodes
      return nodes
    }
  }
}
