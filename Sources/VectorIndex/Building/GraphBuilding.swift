/// Makes a graph of rows.
protocol GraphBuilding {
  /// Builds the graph of `nodes`.
  ///
  /// - Parameters:
  ///   - nodes: The rows that become nodes, ascending; at least one.
  ///   - copies: Rows that equal a node.
  ///   - progress: Hears of each step.
  /// - Returns: A graph in which every node can be reached from the entry points, the same for any number of threads.
  /// - Throws: What `progress` throws.
  func build<Failure: Error>(
    _ nodes: [UInt32], copies: CopyLists, progress: (BuildStep) throws(Failure) -> Void
  ) throws(Failure) -> ProximityGraph
}
