/// How curves lie in a snapshot: their models in `curves.hardness`, their points in `curves.slack`.
extension HardnessCurve {
  private static let (modelWidth, pointWidth) = (5, 7)

  /// *k* and the model's weights.
  var modelNumbers: [Double] {
    [Double(k)] + [model.contrast, model.remoteness, model.evenness, model.constant].map(Double.init)
  }

  /// For each point *k*, its bin (0 for all queries together), the bin's hardness, what was sought there, slack, recall, rows scored.
  var slackNumbers: [Double] {
    ([whole] + bins).enumerated().flatMap { number, bin in
      bin.points.flatMap { point in
        [
          Double(k), Double(number), Double(bin.hardness), Double(bin.sought), Double(point.slack), point.recall,
          Double(point.rescored),
        ]
      }
    }
  }

  /// Reads curves.
  ///
  /// - Returns: None where an older engine wrote the file, whose curves say nothing about today's walks: beams of fixed width stand in until the
  ///   next build.
  /// - Throws: `IndexError.damaged`, naming the section.
  static func read(from reader: SnapshotReader) throws(IndexError) -> [HardnessCurve] {
    guard reader.sectionNames.contains("curves.hardness") else { return [] }
    let models = try reader.section("curves.hardness", of: Double.self)
    guard models.count.isMultiple(of: modelWidth) else { throw reader.damage("curves.hardness", "ends within a model") }
    let points = try reader.section("curves.slack", of: Double.self)
    guard points.count.isMultiple(of: pointWidth) else { throw reader.damage("curves.slack", "ends within a point") }
    var bins = try self.bins(points, reader)[...]
    var curves: [HardnessCurve] = []
    for start in stride(from: 0, to: models.count, by: modelWidth) {
      let weights = (1..<modelWidth).map { Float(models[start + $0]) }
      guard let k = Int(exactly: models[start]), k >= 1, k > curves.last?.k ?? 0, weights.allSatisfy(\.isFinite) else {
        throw reader.damage("curves.hardness", "holds a model that is none")
      }
      let own = bins.prefix { $0.k == k }.map(\.bin)
      bins = bins.dropFirst(own.count)
      guard own.count >= 2, zip(own.dropFirst(), own.dropFirst(2)).allSatisfy({ $0.hardness < $1.hardness }) else {
        throw reader.damage("curves.slack", "has no points for a k, or none in their order")
      }
      let model = HardnessModel(
        contrast: weights[0], remoteness: weights[1], evenness: weights[2], constant: weights[3])
      curves.append(HardnessCurve(k: k, model: model, whole: own[0], bins: Array(own.dropFirst())))
    }
    guard bins.isEmpty else { throw reader.damage("curves.slack", "has points for a k without a model") }
    return curves
  }

  /// Reads the bins of all curves, in the order of the file.
  private static func bins(
    _ numbers: MappedArray<Double>, _ reader: SnapshotReader
  ) throws(IndexError) -> [(k: Int, bin: Bin)] {
    var bins: [(k: Int, number: Int, bin: Bin)] = []
    for start in stride(from: 0, to: numbers.count, by: pointWidth) {
      guard let k = Int(exactly: numbers[start]), k >= 1, let number = Int(exactly: numbers[start + 1]),
        Float(numbers[start + 2]).isFinite, let sought = Int(exactly: numbers[start + 3]), sought >= 0,
        SearchHorizon.slacks.contains(Float(numbers[start + 4])), (0...1).contains(numbers[start + 5]),
        let rescored = Int(exactly: numbers[start + 6]), (1...SearchScratch.maximumWidth).contains(rescored)
      else { throw reader.damage("curves.slack", "holds a point that is none") }
      if bins.last?.k != k || bins.last?.number != number {
        bins.append((k, number, Bin(hardness: Float(numbers[start + 2]), sought: sought, points: [])))
      }
      let point = Point(slack: Float(numbers[start + 4]), recall: numbers[start + 5], rescored: rescored)
      guard bins[bins.count - 1].bin.points.last?.slack ?? -.infinity < point.slack else {
        throw reader.damage("curves.slack", "has slacks that do not ascend")
      }
      bins[bins.count - 1].bin.points.append(point)
    }
    return bins.map { ($0.k, $0.bin) }
  }
}
