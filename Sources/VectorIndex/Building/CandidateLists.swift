/// What walks found for the rows of a batch: a list of fixed length for each.
@safe
struct CandidateLists: ~Copyable, @unchecked Sendable {
  private let width: Int
  private let ordinals: AlignedBuffer<UInt32>
  private let originals: AlignedBuffer<UInt32>

  init(rows: Int, width: Int) {
    self.width = width
    ordinals = AlignedBuffer(zeroed: rows * width)
    originals = AlignedBuffer(zeroed: rows)
    // SAFETY: the buffers have so many places.
    unsafe ordinals.base.update(repeating: ProximityGraph.none, count: rows * width)
    unsafe originals.base.update(repeating: ProximityGraph.none, count: rows)
  }

  /// Keeps the list of a row, and which node it equals; called once for each, from any thread.
  func set(_ index: Int, to list: [UInt32], original: UInt32?) {
    precondition(index < originals.count && list.count <= width)
    // SAFETY: checked on the line above; a row has `width` places, which nobody else writes.
    for (place, ordinal) in list.enumerated() { unsafe ordinals.base[index * width + place] = ordinal }
    if let original { unsafe originals.base[index] = original }
  }

  /// The node that a row equals.
  func original(of index: Int) -> UInt32? {
    precondition(index < originals.count)
    // SAFETY: checked on the line above.
    let original = unsafe originals.base[index]
    return original == ProximityGraph.none ? nil : original
  }

  /// Adds the list of a row to another list.
  func append(of index: Int, to list: inout [UInt32]) {
    precondition(index < originals.count)
    for place in index * width..<(index + 1) * width {
      // SAFETY: a row has `width` places.
      let ordinal = unsafe ordinals.base[place]
      guard ordinal != ProximityGraph.none else { return }
      list.append(ordinal)
    }
  }
}
