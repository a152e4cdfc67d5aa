extension IndexSnapshot {
  /// Has the processor fetch keys, members and works of rows that are about to be written out.
  ///
  /// They lie all over memory. Fetched ahead, many are on their way at once; one after another, each is waited for.
  ///
  /// - Parameter results: Rows of the snapshot, some hundred up to some thousand.
  /// - Complexity: O(rows), some nanoseconds each.
  public func prefetchNames(of results: [[Neighbor]]) {
    for neighbor in results.joined() {
      keys.prefetchEnd(of: neighbor.ordinal)
      members.prefetch(neighbor.ordinal)
      works.prefetch(neighbor.ordinal)
    }
    for neighbor in results.joined() { keys.prefetchBytes(of: neighbor.ordinal) }
  }
}
