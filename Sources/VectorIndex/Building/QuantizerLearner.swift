import VectorKernels

/// Learns a quantizer from a sample of rows.
struct QuantizerLearner {
  let rows: RowStore
  let form: VectorForm
  let seed: UInt64
  /// Which rows are looked at.
  let sample: [UInt32]
  private let norms: (least: Float, greatest: Float, mean: Float)

  /// Rows that a sample has at most.
  static let sampleSize = 20_000

  init(rows: RowStore, form: VectorForm, seed: UInt64, sample: [UInt32], all: [UInt32]) {
    self.rows = rows
    self.form = form
    self.seed = seed
    self.sample = sample
    norms = Self.norms(of: all, rows, form)
  }

  /// The range of lengths in this form.
  ///
  /// Lengths are kept beside the rows, except under L2, where taking the mean away changes them.
  private static func norms(
    of all: [UInt32], _ rows: RowStore, _ form: VectorForm
  ) -> (least: Float, greatest: Float, mean: Float) {
    guard form.metric != .cosine else { return (1, 1, 1) }
    let vector = AlignedBuffer<Float>(zeroed: form.stride)
    var (least, greatest, sum) = (Float.infinity, Float(0), 0.0)
    for ordinal in all {
      // SAFETY: the vector has the form's `stride` floats.
      let norm =
        form.metric == .innerProduct
        ? rows.norm(of: Ordinal(ordinal)) : unsafe form.load(ordinal, from: rows, into: vector.base)
      least = min(least, norm)
      greatest = max(greatest, norm)
      sum += Double(norm)
    }
    return all.isEmpty ? (1, 1, 1) : (least, greatest, Float(sum / Double(all.count)))
  }

  /// Whether rows share one length, within what half precision blurs.
  private var hasCommonNorm: Bool { norms.least > 0 && norms.greatest <= norms.least * 1.005 }

  /// A quantizer of a format.
  ///
  /// - Parameters:
  ///   - format: What codes shall consist of.
  ///   - moments: The sample's second moments, for projections.
  /// - Returns: A quantizer whose step suits the sample.
  func quantizer(_ format: CodeFormat, moments: SymmetricEigen?) -> Quantizer {
    let length = hasCommonNorm ? norms.mean : 1
    var (projection, energy) = (Projection?.none, Float(1))
    if case .projection(let kept) = format.map, let moments {
      let learnt = Projection.learn(moments: moments, dimension: kept, seed: seed)
      (projection, energy) = (learnt.map, learnt.energy)
    }
    let coordinates = Float(format.codeDimension(ofInput: form.dimension))
    let deviation = length * (energy / coordinates).squareRoot()
    return Quantizer(
      format: format, form: form, step: Quantizer.relativeStep(format.bits) * max(deviation, .leastNormalMagnitude),
      hasTerms: !hasCommonNorm, commonNorm: norms.mean > 0 && norms.mean.isFinite ? norms.mean : 1, seed: seed,
      projection: projection)
  }

  /// The eigenvectors of the sample's second moments, rows at unit length where lengths differ.
  ///
  /// - Returns: Nil where LAPACK fails, for instance on numbers that overflow.
  func moments() -> SymmetricEigen? {
    let d = form.dimension
    var gram = [Float](repeating: 0, count: d * d)
    var block = FormBlock(capacity: 2048, form: form)
    for start in stride(from: 0, to: sample.count, by: 2048) {
      block.fill(sample[start..<min(sample.count, start + 2048)], from: rows, form: form)
      if !hasCommonNorm { block.normalize() }
      unsafe gram.withUnsafeMutableBufferPointer { gram in
        guard let base = gram.baseAddress else { return }
        // SAFETY: the matrix has d² numbers.
        unsafe MatrixProduct.gram(
          of: block.matrix, adding: true, into: UnsafeMutableMatrix(base, rows: d, columns: d))
      }
    }
    return try? SymmetricEigen(of: gram.span, order: d)
  }
}

extension FormBlock {
  /// Scales every row to unit length; rows of length 0 stay.
  mutating func normalize() {
    for row in 0..<count {
      // SAFETY: `count` rows have been written.
      let norm = unsafe (2 * halfNorms.base[row]).squareRoot()
      guard norm > 0 else { continue }
      for column in 0..<stride { unsafe floats.base[row * stride + column] /= norm }
    }
  }
}
