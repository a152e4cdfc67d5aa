import Synchronization

/// The nodes of a graph that stand for rows which a filter allows, and what searches among them need.
///
/// A node stands for itself and its copies; it matches when one of them is allowed.
final class MatchingNodes: Sendable {
  /// Whose nodes they are.
  let index: GraphIndex
  /// One bit a row of the graph.
  let words: MemoryBlock<UInt64>
  /// How many nodes match.
  let count: Int
  /// Allowed rows that the graph does not cover, ascending.
  let tail: [UInt32]
  private let matching: Bitmap
  private let made = Mutex(Made())

  private struct Made {
    var list: NodeList?
    var packed: PackedCodes?
    var scans = 0
  }

  /// Matching nodes, ascending, and where walks among them begin.
  struct NodeList: Sendable {
    let ordinals: MemoryBlock<UInt32>
    let seeds: MemoryBlock<UInt32>
  }

  /// Nodes among which a walk begins.
  private static let seedCount = 32
  /// Scans after which codes are copied: a filter that comes once does not pay for it.
  private static let scansBeforePacking = 1

  init(_ allowed: Bitmap, of index: GraphIndex) {
    self.index = index
    let covered = Self.split(allowed, at: index.count)
    var matching = covered.rows
    index.forEachCopied { node, copies in
      let isAllowed = matching[node] || copies.contains { matching[$0] }
      for copy in copies { matching.remove(copy) }
      if isAllowed { matching.insert(node) }
    }
    self.matching = matching
    tail = covered.tail
    words = MemoryBlock(copying: matching.words)
    count = matching.population
  }

  /// The list of the nodes.
  ///
  /// - Complexity: O(*n* / 64 + nodes) the first time, then O(1).
  var list: NodeList {
    made.withLock { made in
      if let list = made.list { return list }
      let list = makeList()
      made.list = list
      return list
    }
  }

  /// Codes of the nodes one after another, from the second scan on and while there is memory for such copies; else nil.
  func packedCodes() -> PackedCodes? {
    let list = list
    return made.withLock { made in
      if let packed = made.packed { return packed }
      made.scans += 1
      guard made.scans > Self.scansBeforePacking else { return nil }
      made.packed = PackedCodes(of: list.ordinals, from: index.codes, budget: index.packing)
      return made.packed
    }
  }
}

extension MatchingNodes {
  private func makeList() -> NodeList {
    let ordinals = matching.ordinals
    let step = max(ordinals.count / Self.seedCount, 1)
    let seeds = stride(from: step / 2, to: ordinals.count, by: step).prefix(Self.seedCount).map { ordinals[$0] }
    return NodeList(ordinals: MemoryBlock(copying: ordinals), seeds: MemoryBlock(copying: seeds))
  }

  /// The rows that a graph covers, and the others.
  private static func split(_ allowed: Bitmap, at count: Int) -> (rows: Bitmap, tail: [UInt32]) {
    var covered = Bitmap(count: count, all: true)
    covered.formIntersection(allowed)
    guard allowed.count > count else { return (covered, []) }
    var rest = allowed
    rest.subtract(covered)
    return (covered, rest.ordinals)
  }
}
