/// Which state of a catalogue something is about.
///
/// Ordinals, rows and snapshots mean something within one generation only, so whoever acts on what it read compares positions first.
public struct CataloguePosition: Hashable, Sendable {
  /// The number of the last commit.
  public let seq: Int64
  /// How often the catalogue was compacted.
  public let generation: Int64
  /// Rows that were ever committed in this generation: the next ordinal.
  public let rowCount: UInt32

  /// A state.
  public init(seq: Int64, generation: Int64, rowCount: UInt32) {
    (self.seq, self.generation, self.rowCount) = (seq, generation, rowCount)
  }
}
