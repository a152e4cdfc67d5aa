/// What one transaction did.
public struct Commit: Hashable, Sendable {
  /// The revision after the transaction; unchanged where the transaction changed nothing.
  public let seq: Int64
  /// The ordinals that the transaction brought.
  public let ordinals: Range<UInt32>
  /// Ordinals of earlier transactions that new items of the same key replaced.
  public let replaced: [UInt32]
  /// Ordinals of this transaction that a later item of the same key replaced at once.
  public let superseded: [UInt32]
  /// Ordinals that were removed by key.
  public let removed: [UInt32]
  /// The items that came, in the order of their ordinals; with the lists above all that the commit changed, if ``changesItemsOnly``.
  public let items: [ItemEntry]
  /// Whether nothing changed but items, operations that are remembered included.
  public let changesItemsOnly: Bool

  /// What a transaction did; nothing where nothing is named.
  public init(
    seq: Int64, ordinals: Range<UInt32>, replaced: [UInt32] = [], superseded: [UInt32] = [], removed: [UInt32] = [],
    items: [ItemEntry] = [], changesItemsOnly: Bool = false
  ) {
    self.seq = seq
    self.ordinals = ordinals
    self.replaced = replaced
    self.superseded = superseded
    self.removed = removed
    self.items = items
    self.changesItemsOnly = changesItemsOnly
  }
}
