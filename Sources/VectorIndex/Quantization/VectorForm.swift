import VectorKernels

/// How the index sees a row: the vector whose Euclidean geometry codes and graph are made in.
///
/// Cosine: the row at unit length. Inner product: the row as it is. L2: the row without the mean of a sample, so that an offset that all
/// share costs no precision; the row as it is where rows are equally long and the mean is small.
@safe
struct VectorForm: Sendable {
  /// How closeness is measured.
  let metric: Metric
  /// Numbers a row.
  let dimension: Int
  /// What is taken away from every row under L2; empty where nothing is.
  let center: [Float]

  /// Floats that a buffer for one vector has: whole 64s.
  var stride: Int { (dimension + 63) & ~63 }

  /// Writes a stored row in this form.
  ///
  /// - Parameters:
  ///   - ordinal: A row of the store.
  ///   - rows: The store.
  ///   - out: Gets ``dimension`` floats; up to ``stride`` is left alone.
  /// - Returns: The Euclidean length of what was written.
  func load(_ ordinal: UInt32, from rows: RowStore, into out: UnsafeMutablePointer<Float>) -> Float {
    precondition(Int(ordinal) < rows.count)
    let widen = unsafe DistanceKernels.active.widen(from: rows.layout.elementType)
    let norm = unsafe rows.addresses.norm(of: ordinal)
    // SAFETY: the ordinal was checked; the caller gives room for one row.
    unsafe widen(rows.addresses.row(ordinal), metric == .cosine ? 1 / norm : 1, out, dimension)
    switch metric {
    case .cosine: return 1
    case .innerProduct: return norm
    case .euclidean:
      guard !center.isEmpty else { return norm }
      unsafe subtractCenter(from: out)
      return unsafe Float(DistanceKernels.active.squaredNorm(over: .float32)(out, dimension).squareRoot())
    }
  }

  /// Takes the centre away from a vector, where there is one.
  func subtractCenter(from vector: UnsafeMutablePointer<Float>) {
    unsafe center.withUnsafeBufferPointer { center in
      // SAFETY: the caller gives `dimension` floats; a centre that is not empty has as many.
      for index in 0..<center.count { unsafe vector[index] -= center[index] }
    }
  }

  /// The form for a set of rows.
  ///
  /// - Parameters:
  ///   - rows: Where they are.
  ///   - sample: Which rows say what the mean is.
  ///   - metric: How closeness is measured.
  init(of rows: RowStore, sample: [UInt32], metric: Metric) {
    self.init(metric: metric, dimension: rows.layout.dimension, center: [])
    guard metric == .euclidean, !sample.isEmpty else { return }
    var sums = [Double](repeating: 0, count: dimension)
    var energy = 0.0
    let vector = AlignedBuffer<Float>(zeroed: stride)
    for ordinal in sample {
      let norm = Double(unsafe load(ordinal, from: rows, into: vector.base))
      energy += norm * norm
      // SAFETY: the buffer has `dimension` floats.
      for index in 0..<dimension { sums[index] += Double(unsafe vector.base[index]) }
    }
    let mean = sums.map { $0 / Double(sample.count) }
    let share = mean.reduce(0) { $0 + $1 * $1 } / max(energy / Double(sample.count), .leastNormalMagnitude)
    guard share > Self.tolerableOffset || !Self.areEquallyLong(sample, in: rows) else { return }
    self.init(metric: metric, dimension: dimension, center: mean.map { Float($0) })
  }

  /// The share of the rows' energy that their mean may have and stay: equally long rows need no numbers beside their codes, which is worth
  /// more than the precision that a small offset costs.
  private static let tolerableOffset = 0.25

  /// Whether rows have one length, within what half precision blurs.
  private static func areEquallyLong(_ sample: [UInt32], in rows: RowStore) -> Bool {
    let norms = sample.map { rows.norm(of: Ordinal($0)) }
    guard let least = norms.min(), let greatest = norms.max() else { return true }
    return least > 0 && greatest <= least * 1.005
  }

  /// A form that was found before.
  init(metric: Metric, dimension: Int, center: [Float]) {
    self.metric = metric
    self.dimension = dimension
    self.center = center
  }
}
