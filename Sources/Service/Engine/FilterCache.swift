import Catalogue
import Synchronization
import VectorIndex

/// The rows that conditions of filters name, kept across requests and commits.
///
/// A row never changes what it says (an item that is put again is a new row), so a bitmap once computed stays right and is extended by the
/// rows that came since. Which rows are live is not part of it.
final class FilterCache: Sendable {
  private struct Entry {
    var rows: Bitmap
    var sequence: Int64
    var generation: Int64
    var lastUse: UInt64
  }

  private struct State {
    var entries: [Condition: Entry] = [:]
    var uses: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Conditions kept; of more, the least recently used go.
  private static let capacity = 512

  /// The rows that meet a condition, live or not.
  ///
  /// - Parameters:
  ///   - condition: One leaf of a filter.
  ///   - snapshot: The state that is searched; the bitmap is about its rows.
  ///   - engine: Where conditions are evaluated.
  /// - Returns: A bitmap of the snapshot's size or larger.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(1) for a condition seen at this revision, else O(rows that came since).
  func rows(meeting condition: Condition, in snapshot: IndexSnapshot, _ engine: Engine) throws -> Bitmap {
    let known = state.withLock { state -> Entry? in
      state.uses += 1
      let uses = state.uses
      state.entries[condition]?.lastUse = uses
      return state.entries[condition].flatMap { $0.generation == snapshot.generation ? $0 : nil }
    }
    if let known, known.sequence >= snapshot.sequence { return known.rows }
    let (rows, sequence) = try extended(known, condition, snapshot, engine)
    state.withLock { state in
      if let newer = state.entries[condition], newer.sequence > sequence { return }
      state.entries[condition] = Entry(
        rows: rows, sequence: sequence, generation: snapshot.generation, lastUse: state.uses)
      guard state.entries.count > Self.capacity else { return }
      if let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) { state.entries[oldest.key] = nil }
    }
    return rows
  }

  private func extended(
    _ known: Entry?, _ condition: Condition, _ snapshot: IndexSnapshot, _ engine: Engine
  ) throws -> (Bitmap, Int64) {
    try engine.read(for: snapshot) { reader in
      var rows = known?.rows ?? Bitmap(count: 0)
      rows.grow(to: max(rows.count, try Int(reader.rowCount())))
      try reader.forEachOrdinal(matching: condition, since: known?.sequence ?? 0) { rows.insert($0) }
      return (rows, try reader.seq())
    }
  }
}
