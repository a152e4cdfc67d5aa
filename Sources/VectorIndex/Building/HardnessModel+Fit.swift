import VectorKernels

extension HardnessModel {
  /// So much is added to the diagonal of the traits' correlations, so that traits which say the same share the weight.
  private static let ridge: Float = 1e-3

  /// Fits a model to what walks missed, by least squares; it is ``contrastAlone`` where nothing was missed or all queries are alike.
  ///
  /// - Parameters:
  ///   - missed: For each query the part of its neighbours that was missed.
  ///   - traits: Theirs.
  init(fitting missed: [Float], to traits: [QueryTraits]) {
    let columns = [traits.map(\.contrast), traits.map(\.remoteness), traits.map(\.evenness)].map(Column.init)
    let target = Column(missed)
    let correlations = columns.flatMap { row in columns.map { row.correlation(with: $0) } }
    let wanted = columns.map { $0.correlation(with: target) }
    guard target.deviation > 0, let weights = Self.solve(correlations, wanted) else {
      self = .contrastAlone
      return
    }
    let slopes = zip(columns, weights).map { column, weight in
      column.deviation > 0 ? weight * target.deviation / column.deviation : 0
    }
    guard slopes.contains(where: { $0 != 0 }) else {
      self = .contrastAlone
      return
    }
    self.init(
      contrast: slopes[0], remoteness: slopes[1], evenness: slopes[2],
      constant: zip(columns, slopes).reduce(target.mean) { $0 - $1.0.mean * $1.1 })
  }

  /// Solves *A* · *w* = *b* for symmetric *A* with a ridge, by its eigenvectors; nil where LAPACK fails.
  private static func solve(_ matrix: [Float], _ right: [Float]) -> [Float]? {
    guard let eigen = try? SymmetricEigen(of: matrix.span, order: right.count) else { return nil }
    var solution = [Float](repeating: 0, count: right.count)
    for (index, value) in eigen.values.enumerated() {
      let vector = eigen.vectors[index * right.count..<(index + 1) * right.count]
      let product = zip(vector, right).reduce(0) { $0 + $1.0 * $1.1 }
      for (place, number) in vector.enumerated() { solution[place] += number * product / (max(value, 0) + ridge) }
    }
    return solution
  }

  /// Numbers, and what they vary.
  private struct Column {
    let mean: Float
    let deviation: Float
    private let centered: [Float]

    init(_ numbers: [Float]) {
      let mean = numbers.reduce(0, +) / Float(max(numbers.count, 1))
      centered = numbers.map { $0 - mean }
      deviation = (centered.reduce(0) { $0 + $1 * $1 } / Float(max(numbers.count, 1))).squareRoot()
      self.mean = mean
    }

    /// -1 to 1; 0 with numbers that are all the same.
    func correlation(with other: Column) -> Float {
      guard deviation > 0, other.deviation > 0 else { return 0 }
      let product = zip(centered, other.centered).reduce(0) { $0 + $1.0 * $1.1 } / Float(centered.count)
      return product / (deviation * other.deviation)
    }
  }
}
