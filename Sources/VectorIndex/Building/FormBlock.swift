import VectorKernels

/// Rows in the form that the index sees, as floats one after another: what products of matrices read.
@safe
struct FormBlock: ~Copyable {
  private(set) var floats: AlignedBuffer<Float>
  /// Half the squared length of every row.
  private(set) var halfNorms: AlignedBuffer<Float>
  let stride: Int
  let capacity: Int
  private(set) var count = 0
  private let dimension: Int

  /// Room for `capacity` rows.
  init(capacity: Int, form: VectorForm) {
    self.capacity = capacity
    stride = form.stride
    dimension = form.dimension
    floats = AlignedBuffer(zeroed: capacity * stride)
    halfNorms = AlignedBuffer(zeroed: capacity)
  }

  /// Reads rows into the block.
  mutating func fill(_ ordinals: ArraySlice<UInt32>, from rows: RowStore, form: VectorForm) {
    precondition(ordinals.count <= capacity)
    count = 0
    for ordinal in ordinals {
      // SAFETY: at most `capacity` rows are written.
      let norm = unsafe form.load(ordinal, from: rows, into: floats.base + count * stride)
      unsafe halfNorms.base[count] = 0.5 * norm * norm
      count += 1
    }
  }

  /// The rows as a matrix; valid as long as the block.
  var matrix: UnsafeMatrix {
    // SAFETY: `count` rows have been written.
    unsafe UnsafeMatrix(floats.base, rows: count, columns: dimension, stride: stride)
  }
}
