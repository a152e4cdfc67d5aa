import VectorKernels

/// The memory in which one worker multiplies a block of queries with a tile of rows.
@safe
final class ProductScratch: @unchecked Sendable {
  /// Queries multiplied at a time: enough for widening a tile not to count.
  static let queryBlock = 512
  /// Rows multiplied at a time.
  static let tileRows = 1024

  let dimension: Int
  /// Floats from one row of the tile to the next.
  let stride: Int
  let tile: AlignedBuffer<Float>
  let products: AlignedBuffer<Float>
  let ordinals: AlignedBuffer<UInt32>
  /// Minus half the squared norm of every row under L2, else 0.
  let biases: AlignedBuffer<Float>
  let selected: AlignedBuffer<UInt32>
  let candidates: AlignedBuffer<UInt32>
  let distances: AlignedBuffer<Float>

  init(dimension: Int, queries: Int) {
    self.dimension = dimension
    stride = (dimension + 15) & ~15
    tile = AlignedBuffer(zeroed: Self.tileRows * stride)
    products = AlignedBuffer(zeroed: min(queries, Self.queryBlock) * Self.tileRows)
    ordinals = AlignedBuffer(zeroed: Self.tileRows)
    biases = AlignedBuffer(zeroed: Self.tileRows)
    selected = AlignedBuffer(zeroed: Self.tileRows + 16)
    candidates = AlignedBuffer(zeroed: Self.tileRows)
    distances = AlignedBuffer(zeroed: Self.tileRows)
  }

  /// Copies the rows of `count` ordinals, which ``ordinals`` holds, into the tile: widened, and at unit length under cosine.
  ///
  /// - Returns: The greatest norm of a row in the tile.
  func fill(count: Int, from rows: RowStore, metric: Metric) -> Float {
    let widen = unsafe DistanceKernels.active.widen(from: rows.layout.elementType)
    let addresses = unsafe rows.addresses
    var greatest: Float = 0
    for index in 0..<count {
      // SAFETY: the ordinals are rows of the store; the tile has `stride` ≥ `dimension` floats for each of `tileRows` rows.
      let ordinal = unsafe ordinals.base[index]
      let norm = unsafe addresses.norm(of: ordinal)
      let factor = metric == .cosine ? 1 / norm : 1
      unsafe widen(addresses.row(ordinal), factor, tile.base + index * stride, dimension)
      unsafe biases.base[index] = metric == .euclidean ? -0.5 * norm * norm : 0
      greatest = max(greatest, norm)
    }
    return metric == .cosine ? 1 : greatest
  }
}
