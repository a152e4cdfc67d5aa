/// Everything the catalogue knows of one item.
public struct ItemDetails: Hashable, Sendable {
  /// The item's row number over all row files.
  public let ordinal: UInt32
  /// What the caller said about it.
  public let record: ItemRecord
  /// The commit that brought it.
  public let seq: Int64
  /// The commit that removed or replaced it, nil while it is live.
  public let removedSeq: Int64?

  /// What the catalogue says about the item of one ordinal.
  public init(ordinal: UInt32, record: ItemRecord, seq: Int64, removedSeq: Int64? = nil) {
    self.ordinal = ordinal
    self.record = record
    self.seq = seq
    self.removedSeq = removedSeq
  }
}
