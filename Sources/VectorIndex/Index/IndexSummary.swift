/// What codes and graph of an index consist of, as far as it is known without reading them.
public struct IndexSummary: Hashable, Sendable {
  /// Rows that the index covers, removed ones among them.
  public let rows: Int
  /// Rows that are copies of a node.
  public let copies: Int
  /// The most edges of a node.
  public let maxDegree: Int
  /// Nodes that walks begin at.
  public let entryPoints: Int
  /// What codes consist of.
  public let format: CodeFormat
  /// Bytes that the code of a row takes, with the numbers beside it.
  public let codeBytesPerRow: Int
}

extension GraphIndex {
  /// A short account of the index.
  ///
  /// - Complexity: O(1).
  public var summary: IndexSummary {
    IndexSummary(
      rows: count, copies: graph.copies.count, maxDegree: graph.maxDegree, entryPoints: graph.entryPoints.count,
      format: codes.quantizer.format,
      codeBytesPerRow: codes.quantizer.rowBytes + (codes.terms == nil ? 0 : MemoryLayout<RowTerm>.stride))
  }
}
