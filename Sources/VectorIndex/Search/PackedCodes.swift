/// Copies of the codes of some rows, one after another: a scan reads them several times faster than rows from all over memory.
@safe
final class PackedCodes: Sendable {
  /// The rows, ascending.
  let ordinals: MemoryBlock<UInt32>
  /// Their codes.
  let codes: MemoryBlock<UInt8>
  /// The numbers beside the codes; nil where there are none.
  let terms: MemoryBlock<RowTerm>?
  private let budget: MemoryBudget
  private let bytes: Int

  /// Copies codes; nil when the budget does not allow it.
  ///
  /// - Complexity: O(rows · *b*) for codes of *b* bytes.
  init?(of ordinals: MemoryBlock<UInt32>, from store: CodeStore, budget: MemoryBudget) {
    let (count, rowBytes) = (ordinals.count, store.quantizer.rowBytes)
    bytes = count * (rowBytes + (store.terms == nil ? 0 : MemoryLayout<RowTerm>.stride))
    guard budget.take(bytes) else { return nil }
    self.budget = budget
    self.ordinals = ordinals
    let copies = AlignedBuffer<UInt8>(zeroed: count * rowBytes)
    for place in 0..<count {
      // SAFETY: ordinals are checked against the store's count; there is room for `count` codes.
      precondition(Int(ordinals[place]) < store.count)
      unsafe (copies.base + place * rowBytes).update(
        from: store.codes.base + Int(ordinals[place]) * rowBytes, count: rowBytes)
    }
    codes = MemoryBlock(copies)
    terms = store.terms.map { terms in MemoryBlock(copying: ordinals.numbers.map { terms[Int($0)] }) }
  }

  deinit { budget.giveBack(bytes) }
}
