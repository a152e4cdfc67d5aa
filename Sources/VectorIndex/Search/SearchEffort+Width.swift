extension SearchEffort {
  /// How many candidates a search keeps; nil for an exact one.
  ///
  /// - Parameters:
  ///   - k: How many results are wanted.
  ///   - calibration: What was measured when the index was built.
  /// - Returns: At least `k`.
  func width(k: Int, calibration: Calibration) -> Int? {
    switch self {
    case .exact: nil
    case .beamWidth(let width): max(width, k)
    case .targetRecall(let recall): recall < 1 ? max(k, Self.width(k: k, missing: 1 - recall)) : nil
    }
  }

  /// How far a walk without a filter goes.
  ///
  /// - Parameters:
  ///   - k: How many results are wanted.
  ///   - width: How many candidates a search keeps.
  ///   - calibration: What was measured when the index was built.
  /// - Returns: What the calibration says; a beam of `width` where the caller named a width or nothing was measured.
  func walk(k: Int, width: Int, calibration: Calibration) -> WalkEffort {
    guard case .targetRecall(let recall) = self, !calibration.curves.isEmpty else {
      return WalkEffort(beamWidth: width)
    }
    return calibration.effort(k: k, targetRecall: recall)
  }

  /// The misses of a walk fall about with the square of its width.
  private static func width(k: Int, missing: Double) -> Int {
    Int((2 * Double(k) * (0.055 / missing).squareRoot()).rounded(.up))
  }

  /// By how many errors of the codes the last candidate of a filtered search has to lie beyond the last result; nil where the caller
  /// said how many candidates there are.
  ///
  /// The calibration knows no filters. Where one leaves out what lies around a query, the nearest of the others lie about equally far
  /// away, and codes tell them apart less well.
  var clearance: Float? {
    guard case .targetRecall(let recall) = self else { return nil }
    return recall > 0.985 ? 2.5 : recall > 0.9 ? 1.5 : 1
  }
}
