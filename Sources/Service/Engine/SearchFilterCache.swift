import Synchronization
import VectorIndex
import WireProtocol

/// The filters that searches of the newest revision used, made once each; no filter at all is one of them.
final class SearchFilterCache: Sendable {
  private struct State {
    var sequence: Int64 = -1
    var generation: Int64 = -1
    var filters: [Filter?: SearchFilter] = [:]
  }

  private let state = Mutex(State())

  /// Filters kept; when there are more, all are made anew.
  private static let capacity = 64

  /// The filter of one revision, whose rows mean something in its generation only.
  ///
  /// - Parameters:
  ///   - filter: As the request has it; nil for every live row.
  ///   - snapshot: The state that is searched.
  ///   - make: Says which live rows meet it, where nobody has asked before.
  /// - Returns: The same object for all who ask at the same revision.
  /// - Throws: What `make` throws.
  func filter(
    for filter: Filter?, in snapshot: IndexSnapshot, make: () throws -> Bitmap
  ) rethrows -> SearchFilter {
    let (sequence, generation) = (snapshot.sequence, snapshot.generation)
    let known = state.withLock {
      $0.sequence == sequence && $0.generation == generation ? $0.filters[filter] : nil
    }
    if let known { return known }
    let made = SearchFilter(allowed: try make())
    state.withLock { state in
      // Whoever still searches an older revision makes filters for itself.
      guard sequence >= state.sequence else { return }
      let isNew = sequence > state.sequence || generation != state.generation
      if isNew || state.filters.count >= Self.capacity { state.filters.removeAll() }
      (state.sequence, state.generation) = (sequence, generation)
      state.filters[filter] = made
    }
    return made
  }
}
