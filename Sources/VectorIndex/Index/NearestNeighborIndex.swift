import Synchronization

/// Publishes the state that searches hold; the only mutable thing.
///
/// Elsewhere called index writer.
///
/// 1. A reader takes the state of the moment and keeps it for as long as it searches: ``snapshot``.
/// 2. A writer copies the state, changes the copy and publishes it: ``update(_:)``. Writers take turns; readers never wait for them.
/// 3. What a reader holds never changes; a state goes away with its last reader.
public final class NearestNeighborIndex: Sendable {
  private let published: Mutex<IndexSnapshot>
  private let writing = Mutex<Void>(())

  /// An index that shows a first state.
  public init(_ snapshot: IndexSnapshot) {
    published = Mutex(snapshot)
  }

  /// The state of this moment.
  public var snapshot: IndexSnapshot {
    published.withLock { $0 }
  }

  /// Publishes a changed state, or none if the change throws.
  ///
  /// - Parameter change: Changes a copy of the state of the moment.
  /// - Returns: What `change` returns.
  /// - Throws: What `change` throws; the published state is then as it was.
  public func update<Result, Failure: Error>(
    _ change: (inout sending IndexSnapshot) throws(Failure) -> Result
  ) throws(Failure) -> Result where Result: Sendable {
    try writing.withLock { (_: inout Void) throws(Failure) -> Result in
      var next = snapshot
      let result = try change(&next)
      published.withLock { $0 = next }
      return result
    }
  }
}
