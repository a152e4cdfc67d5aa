import Synchronization
import VectorIndex
import WireProtocol

/// The filters that searches of the newest revision used, made once each; no filter at all is one of them.
package final class SearchFilterCache: Sendable {
  private struct State {
    var sequence: Int64 = -1
    var generation: Int64 = -1
    var filters: [Filter?: SearchFilter] = [:]
    /// Bytes of all filters, keys included.
    var byteCount = 0

    mutating func removeAll() {
      filters.removeAll()
      byteCount = 0
    }
  }

  private let state = Mutex(State())
  /// Bytes kept at most; when there are more, all filters are made anew.
  private let capacity: Int

  /// Nothing kept yet.
  ///
  /// - Parameter capacity: Bytes that may be kept.
  package init(capacity: Int = 256 << 20) {
    self.capacity = capacity
  }

  /// Bytes that are kept, keys included.
  package var byteCount: Int { state.withLock { $0.byteCount } }

  /// The filter of one revision, whose rows mean something in its generation only.
  ///
  /// - Parameters:
  ///   - filter: As the request has it; nil for every live row.
  ///   - sequence: The revision.
  ///   - generation: The generation of its rows.
  ///   - make: Says which live rows meet it, where nobody has asked before.
  /// - Returns: The same object for all who ask at the same revision, unless it is too large to be kept.
  /// - Throws: What `make` throws.
  package func filter(
    for filter: Filter?, at sequence: Int64, in generation: Int64 = 0, make: () throws -> Bitmap
  ) rethrows -> SearchFilter {
    let known = state.withLock {
      $0.sequence == sequence && $0.generation == generation ? $0.filters[filter] : nil
    }
    if let known { return known }
    let made = SearchFilter(allowed: try make())
    let cost = Self.cost(of: filter, made)
    state.withLock { state in
      // Whoever still searches an older revision makes filters for itself.
      guard sequence >= state.sequence else { return }
      if sequence > state.sequence || generation != state.generation { state.removeAll() }
      (state.sequence, state.generation) = (sequence, generation)
      guard cost <= capacity, state.filters[filter] == nil else { return }
      if state.byteCount + cost > capacity { state.removeAll() }
      state.filters[filter] = made
      state.byteCount += cost
    }
    return made
  }

  /// The most that a filter comes to take: three sets of rows, and two lists of those that are allowed.
  private static func cost(of filter: Filter?, _ made: SearchFilter) -> Int {
    256 + (filter?.byteCount ?? 0) + made.allowed.words.count * 8 * 3 + made.count * 4 * 2
  }
}
