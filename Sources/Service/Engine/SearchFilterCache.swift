import Synchronization
import VectorIndex
import WireProtocol

/// The filters that searches of the newest revision used, made once each; no filter at all is one of them.
final class SearchFilterCache: Sendable {
  private struct State {
    var sequence: Int64 = -1
    var filters: [Filter?: SearchFilter] = [:]
  }

  private let state = Mutex(State())

  /// Filters kept; when there are more, all are made anew.
  private static let capacity = 64

  /// The filter of one revision.
  ///
  /// - Parameters:
  ///   - filter: As the request has it; nil for every live row.
  ///   - sequence: The revision.
  ///   - make: Says which live rows meet it, where nobody has asked before.
  /// - Returns: The same object for all who ask at the same revision.
  /// - Throws: What `make` throws.
  func filter(for filter: Filter?, at sequence: Int64, make: () throws -> Bitmap) rethrows -> SearchFilter {
    if let known = state.withLock({ $0.sequence == sequence ? $0.filters[filter] : nil }) { return known }
    let made = SearchFilter(allowed: try make())
    state.withLock { state in
      // Whoever still searches an older revision makes filters for itself.
      guard sequence >= state.sequence else { return }
      if sequence > state.sequence || state.filters.count >= Self.capacity { state.filters.removeAll() }
      state.sequence = sequence
      state.filters[filter] = made
    }
    return made
  }
}
