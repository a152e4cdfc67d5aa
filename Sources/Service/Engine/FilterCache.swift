import Catalogue
import Synchronization
import VectorIndex
import WireProtocol

/// The rows that conditions of filters name, kept across requests and commits.
///
/// A row never changes what it says (an item that is put again is a new row), so a bitmap once computed stays right and is extended by the
/// rows that came since. Which rows are live is not part of it.
///
/// What is kept is bounded by bytes, not by entries: a set over forty million rows takes 5 MB, and a condition of 100,000 values several.
package final class FilterCache: Sendable {
  private struct Entry {
    var rows: Bitmap
    var sequence: Int64
    var generation: Int64
    var lastUse: UInt64
    var byteCount: Int
  }

  private struct State {
    var entries: [FieldCondition: Entry] = [:]
    var uses: UInt64 = 0
    /// Bytes of all entries, keys included.
    var byteCount = 0

    mutating func remove(_ condition: FieldCondition) {
      if let old = entries.removeValue(forKey: condition) { byteCount -= old.byteCount }
    }
  }

  private let state = Mutex(State())
  /// Bytes kept at most; of more, the least recently used conditions go.
  private let capacity: Int

  /// Nothing kept yet.
  ///
  /// - Parameter capacity: Bytes that may be kept.
  package init(capacity: Int = 128 << 20) {
    self.capacity = capacity
  }

  /// Bytes that are kept, keys included.
  package var byteCount: Int { state.withLock { $0.byteCount } }

  /// The rows that meet a condition, live or not.
  ///
  /// - Parameters:
  ///   - condition: One leaf of a filter.
  ///   - snapshot: The state that is searched; the bitmap is about its rows.
  ///   - engine: Where conditions are evaluated.
  /// - Returns: A bitmap of the snapshot's size or larger.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(values) for a condition seen at this revision, else O(rows that came since).
  func rows(meeting condition: FieldCondition, in snapshot: IndexSnapshot, _ engine: Engine) throws -> Bitmap {
    let known = state.withLock { state -> Entry? in
      state.uses += 1
      let uses = state.uses
      state.entries[condition]?.lastUse = uses
      return state.entries[condition].flatMap { $0.generation == snapshot.generation ? $0 : nil }
    }
    if let known, known.sequence >= snapshot.sequence { return known.rows }
    let (rows, sequence) = try extended(known, condition, snapshot, engine)
    keep(rows, of: condition, at: sequence, snapshot.generation)
    return rows
  }

  /// Keeps a set of rows where there is room for it, and lets others go for it.
  package func keep(_ rows: Bitmap, of condition: FieldCondition, at sequence: Int64, _ generation: Int64) {
    let cost = 128 + condition.byteCount + rows.words.count * 8
    state.withLock { state in
      if let newer = state.entries[condition], newer.generation == generation, newer.sequence > sequence { return }
      state.remove(condition)
      guard cost <= capacity else { return }
      while state.byteCount + cost > capacity,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.remove(oldest.key)
      }
      state.entries[condition] = Entry(
        rows: rows, sequence: sequence, generation: generation, lastUse: state.uses, byteCount: cost)
      state.byteCount += cost
    }
  }

  private func extended(
    _ known: Entry?, _ condition: FieldCondition, _ snapshot: IndexSnapshot, _ engine: Engine
  ) throws -> (Bitmap, Int64) {
    try engine.read(for: snapshot) { reader in
      var rows = known?.rows ?? Bitmap(count: 0)
      rows.grow(to: max(rows.count, try Int(reader.rowCount())))
      try reader.forEachOrdinal(matching: Condition(condition), since: known?.sequence ?? 0) { rows.insert($0) }
      return (rows, try reader.seq())
    }
  }
}
