/// Copies of the codes of some rows in blocks of sixteen: a scan reads them several times faster than rows from all over memory.
///
/// The last block is filled up with zeros.
@safe
final class PackedCodes: Sendable {
  /// The rows, ascending.
  let ordinals: MemoryBlock<UInt32>
  /// Their codes; line *j* of a block has bytes 4*j* to 4*j* + 3 of each of its rows.
  let codes: MemoryBlock<UInt8>
  /// The numbers beside the codes; nil where there are none.
  let terms: MemoryBlock<RowTerm>?
  /// Rows of a block.
  static let blockRows = 16
  private let budget: MemoryBudget
  private let bytes: Int

  /// Copies codes; nil when the budget does not allow it.
  ///
  /// - Complexity: O(rows · *b*) for codes of *b* bytes.
  init?(of ordinals: MemoryBlock<UInt32>, from store: CodeStore, budget: MemoryBudget) {
    let (count, rowBytes) = (ordinals.count, store.quantizer.rowBytes)
    let padded = (count + Self.blockRows - 1) / Self.blockRows * Self.blockRows
    bytes = padded * rowBytes + count * ((store.terms == nil ? 0 : MemoryLayout<RowTerm>.stride))
    guard budget.take(bytes) else { return nil }
    self.budget = budget
    self.ordinals = ordinals
    let copies = AlignedBuffer<UInt8>(zeroed: padded * rowBytes)
    for place in 0..<count {
      precondition(Int(ordinals[place]) < store.count)
      let (block, lane) = (place / Self.blockRows, place % Self.blockRows)
      // SAFETY: the ordinal is one of the store, whose codes are whole lines; there is room for so many blocks.
      let source = unsafe UnsafeRawPointer(store.codes.base + Int(ordinals[place]) * rowBytes)
      let target = unsafe UnsafeMutableRawPointer(copies.base + block * Self.blockRows * rowBytes + 4 * lane)
      for word in 0..<rowBytes / 4 {
        unsafe (target + word * 4 * Self.blockRows).storeBytes(
          of: source.load(fromByteOffset: 4 * word, as: UInt32.self), as: UInt32.self)
      }
    }
    codes = MemoryBlock(copies)
    terms = store.terms.map { terms in MemoryBlock(copying: ordinals.numbers.map { terms[Int($0)] }) }
  }

  deinit { budget.giveBack(bytes) }
}
