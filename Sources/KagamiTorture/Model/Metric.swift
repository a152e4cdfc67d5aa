/// How closeness is measured, as plainly as it can be written.
enum Metric: String, CaseIterable {
  case innerProduct = "ip"
  case euclidean = "l2"
  case cosine

  /// The score of two vectors.
  func score(_ left: [Float], _ right: [Float]) -> Float {
    switch self {
    case .innerProduct: Float(Self.product(left, right))
    case .euclidean:
      -Float(zip(left, right).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot())
    case .cosine:
      Float(Self.product(left, right) / (Self.product(left, left) * Self.product(right, right)).squareRoot())
    }
  }

  /// How far the engine's arithmetic may be from it: nothing where whole numbers are added up.
  var tolerance: Float { self == .innerProduct ? 0 : 2e-5 }

  private static func product(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}

extension CatalogueState {
  /// What is wrong with the hits of a search; nil where nothing is.
  ///
  /// - Parameters:
  ///   - hits: What the engine answered.
  ///   - query: What it was asked for.
  ///   - k: How many hits were wanted.
  ///   - metric: How closeness is measured.
  ///   - isExact: Whether nothing nearer may be missing.
  /// - Returns: What is wrong, in words.
  func fault(of hits: [Answer.Hit], for query: [Float], k: Int, metric: Metric, isExact: Bool) -> String? {
    guard hits.count == min(k, items.count) else { return "\(hits.count) hits of \(items.count) items" }
    let tolerance = metric.tolerance
    var before: Answer.Hit?
    for hit in hits {
      guard let item = items[hit.key] else { return "\(hit.key) is not there" }
      let score = metric.score(query, item.vector)
      guard abs(score - hit.score) <= tolerance * max(1, abs(score)) else {
        return "\(hit.key) scores \(hit.score), not \(score)"
      }
      if let before, before.score < hit.score || before.score == hit.score && before.key >= hit.key {
        return "\(hit.key) stands behind \(before.key)"
      }
      before = hit
    }
    guard isExact, let last = hits.last else { return nil }
    let found = Set(hits.map(\.key))
    for (key, item) in items where !found.contains(key) {
      let score = metric.score(query, item.vector)
      let margin = tolerance * max(1, abs(score))
      if score > last.score + margin || tolerance == 0 && score == last.score && key < last.key {
        return "\(key) scores \(score) and is missing"
      }
    }
    return nil
  }
}
