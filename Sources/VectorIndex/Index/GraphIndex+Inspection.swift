// What tests see of codes and graph.
extension GraphIndex {
  /// All codes, row after row.
  package var codeBytes: [UInt8] { codes.codes.numbers }

  /// All places for edges, row after row.
  package var edgePlaces: [UInt32] { graph.edges.numbers }

  /// Checks everything that walks and answers rely on.
  ///
  /// - Throws: What is wrong first.
  package func checkInvariants() throws {
    try graph.checkInvariants()
  }
}
