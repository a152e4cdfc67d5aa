/// Makes a graph of rows.
protocol GraphBuilding {
  /// Builds the graph of `nodes`.
  ///
  /// - Parameters:
  ///   - nodes: The rows that become nodes, ascending; at least one.
  ///   - copies: Rows that equal a node.
  ///   - progress: Hears of each step.
  ///   - tick: Hears how much of a step is done.
  /// - Returns: A graph in which every node can be reached from the entry points, the same for any number of threads.
  /// - Throws: What `progress` throws.
  func build<Failure: Error>(
    _ nodes: [UInt32], copies: CopyLists, progress: (BuildStep) throws(Failure) -> Void,
    tick: (BuildStep, Double) -> Void
  ) throws(Failure) -> ProximityGraph
}
