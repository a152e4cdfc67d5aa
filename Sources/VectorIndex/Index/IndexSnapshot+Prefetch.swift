extension IndexSnapshot {
  /// Has the processor fetch keys, members and works of rows that are about to be written out.
  ///
  /// They lie all over memory. Fetched ahead, many are on their way at once; one after another, each is waited for.
  ///
  /// - Parameter results: Rows of the snapshot, some hundred up to some thousand.
  /// - Complexity: O(rows), some nanoseconds each.
  public func prefetchNames(of results: [[Neighbor]]) {
    keys.prefetchEnds(of: results)
    members.prefetch(results)
    works.prefetch(results)
    keys.prefetchBytes(of: results)
  }
}
