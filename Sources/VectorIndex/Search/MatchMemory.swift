/// How many queries of a match are searched at a time, so that what they may find fits into memory whose size is known beforehand.
///
/// Every worker keeps what it found for each query of a block, and what they found is united: no more than *workers* + 2 times
/// ``bytes``, or what a single query needs where that is more.
public enum MatchMemory {
  /// Bytes of the matches of all queries of a block, for one worker.
  public static let bytes = 32 << 20

  /// Queries searched at a time.
  ///
  /// - Parameters:
  ///   - limit: How many matches are answered, at least 1.
  ///   - rows: How many rows there are.
  ///   - isGrouped: Whether matches are gathered by group.
  /// - Returns: At least 1.
  public static func queriesAtATime(limit: Int, rows: Int, isGrouped: Bool) -> Int {
    max(1, bytes / bytesOfQuery(limit: limit, rows: rows, isGrouped: isGrouped))
  }

  /// Bytes that one query's matches take at most, for one worker.
  ///
  /// Arrays and tables double when they grow. A table is filled to three quarters, has a bit for each place, and a group's number beside its
  /// best row.
  package static func bytesOfQuery(limit: Int, rows: Int, isGrouped: Bool) -> Int {
    let neighbor = MemoryLayout<Neighbor>.stride
    guard isGrouped else { return powerOfTwo(atLeast: min(limit + 1, max(rows, 1))) * neighbor }
    let groups = min(BestOfGroups.capacity(k: limit + 1), max(rows, 1))
    return powerOfTwo(atLeast: groups + groups / 3 + 1) * (neighbor + 5)
  }

  private static func powerOfTwo(atLeast count: Int) -> Int {
    var power = 1
    while power < count { power *= 2 }
    return power
  }
}
