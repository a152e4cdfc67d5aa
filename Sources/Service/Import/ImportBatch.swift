import Catalogue
import VectorFiles
import VectorIndex
import WireProtocol

/// Some rows of the files of an import: vectors, what is said about them, and labels.
struct ImportBatch {
  let block: VectorBlock
  let items: [Result<ItemMetadata, RefusedRow>]
  let labels: [(name: String, values: [Int64])]
  let keyPrefix: String

  var count: Int { block.rowCount }
  var firstRow: Int { block.firstRow }

  /// Lends a row's vector.
  func withVector(_ row: Int, _ body: (Span<Float>) throws(RowRefusal) -> Void) throws(RowRefusal) {
    try body(block.vectors.span.extracting(block.range(of: row)))
  }

  /// The key that a row has or would have, for messages.
  func key(_ row: Int) -> String? {
    guard !items.isEmpty else { return keyPrefix + String(firstRow + row) }
    return try? items[row].get().key
  }

  /// Whether a row has no key of its own, so that its number stands for one.
  func isNumbered(_ row: Int) -> Bool {
    guard !items.isEmpty else { return true }
    guard case .success(let item) = items[row] else { return false }
    return item.key == nil
  }

  /// What is said about a row.
  ///
  /// - Throws: `RefusedRow` for a line of metadata that cannot be used.
  func item(_ row: Int) throws -> ItemMetadata {
    var item = items.isEmpty ? ItemMetadata() : try items[row].get()
    if item.key == nil { item.key = keyPrefix + String(firstRow + row) }
    guard !labels.isEmpty else { return item }
    let added = labels.map { (name: $0.name, value: $0.values[row]) }
    item.attributes = try AttributeText.adding(added, to: item.attributes, row: firstRow + row)
    return item
  }
}
