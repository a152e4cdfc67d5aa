/// Measures which beam reaches which recall.
///
/// Rows of the index ask, a little changed and each as if it were not in it: the walk does not see its node. What is counted is how many of the true
/// neighbours are in the beam; since its first rows are scored exactly afterwards, as many as hold nearly all of those, that is all but the
/// recall of a search.
struct Calibrator {
  let graph: ProximityGraph
  let codes: CodeStore
  let rows: RowStore
  let workers: WorkerPool

  private static let queryCount = 640
  static let ks = [1, 10, 32, 100]
  private static let widths = [
    1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512,
  ]
  private static let slacks: [Float] = [
    0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.2, 0.24, 0.28, 0.34, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2,
  ]
  private static let maximumSlackWidth = 1024
  /// Beams beyond what finds so much of everything are not measured.
  private static let enough = 0.9995

  /// Measures.
  ///
  /// - Parameters:
  ///   - nodes: The nodes of the graph.
  ///   - seed: Draws the queries.
  /// - Returns: A curve for each *k* of which there are as many nodes.
  /// - Complexity: O(*n* · *d*) for the truth, and up to some eighty walks, for each of 640 queries.
  func calibrate(_ nodes: [UInt32], seed: UInt64) -> Calibration {
    let form = codes.quantizer.form
    let queries = CalibrationQueries(Self.queryCount, from: nodes, rows: rows, form: form, seed: seed &+ 2)
    let ks = Self.ks.filter { $0 < nodes.count }
    guard let largest = ks.last else { return Calibration(curves: [], slackCurves: []) }
    let truth = ExactNeighbors(rows: rows, form: form)
      .nearest(largest, to: queries.block, otherThan: queries.origins, among: nodes, workers: workers)
    let walkers = (0..<workers.width).map { _ in
      BuildWalker(codes: codes, rows: rows, degree: graph.maxDegree, width: Self.maximumSlackWidth)
    }
    var curves = ks.map { Calibration.Curve(k: $0, points: []) }
    for width in Self.widths {
      let found = hits(queries, truth, nodes, ks, width, walkers)
      for (index, k) in ks.enumerated() where width >= k {
        let recall = Double(found[index]) / Double(k * queries.origins.count)
        let last = curves[index].points.last?.recall ?? 0
        curves[index].points.append(Calibration.Point(width: width, recall: max(recall, last)))
      }
      if curves.allSatisfy({ ($0.points.last?.recall ?? 0) >= Self.enough }) { break }
    }
    var slackCurves: [Calibration.SlackCurve] = []
    for k in ks { slackCurves.append(slackCurve(k, queries, truth, nodes, walkers)) }
    return Calibration(curves: curves, slackCurves: slackCurves)
  }

  /// Measures beams that the query widens, for one *k*.
  private func slackCurve(
    _ k: Int, _ queries: CalibrationQueries, _ truth: [[UInt32]], _ nodes: [UInt32], _ walkers: [BuildWalker]
  ) -> Calibration.SlackCurve {
    var curve = Calibration.SlackCurve(k: k, points: [])
    for slack in Self.slacks {
      let walks = places(queries, truth, nodes, k, slack, walkers)
      let places = walks.flatMap(\.places).sorted()
      let found = places.count { $0 < Int.max }
      let recall = max(Double(found) / Double(places.count), curve.points.last?.recall ?? 0)
      // Scoring exactly may lose a tenth of what the walk has lost.
      let lost = Int(Double(places.count - found) * 0.1)
      let rescored = found > 0 ? places[max(found - lost, 1) - 1] + 1 : k
      let widths = walks.map(\.width).sorted()
      curve.points.append(
        Calibration.SlackPoint(
          slack: slack, recall: recall, rescored: max(rescored, k),
          width: min(max(2 * widths[widths.count * 99 / 100], 64, 2 * k), Self.maximumSlackWidth)))
      if recall >= Self.enough || widths[widths.count / 2] >= Self.maximumSlackWidth / 2 { break }
    }
    return curve
  }

  private struct Walk {
    /// Where in the beam the true neighbours are; `Int.max` for one that is not.
    var places: [Int] = []
    var width = 0
  }

  private func places(
    _ queries: CalibrationQueries, _ truth: [[UInt32]], _ nodes: [UInt32], _ k: Int, _ slack: Float,
    _ walkers: [BuildWalker]
  ) -> [Walk] {
    var walks = [Walk](repeating: Walk(), count: queries.origins.count)
    let effort = WalkEffort(width: Self.maximumSlackWidth, slack: slack, rescored: k)
    unsafe walks.withUnsafeMutableBufferPointer { walks in
      // SAFETY: each task writes its own element.
      nonisolated(unsafe) let walks = unsafe walks
      workers.run(tasks: queries.origins.count) { task, worker in
        unsafe walkers[worker].walk(
          graph, towards: queries.vector(task), k: k, effort: effort, excluding: queries.origins[task])
        var beam: [UInt32] = []
        walkers[worker].appendBeam(to: &beam)
        let expected = truth[task].prefix(k).map { nodes[Int($0)] }
        unsafe walks[task] = Walk(places: expected.map { beam.firstIndex(of: $0) ?? .max }, width: beam.count)
      }
    }
    return walks
  }

  /// How many of the true neighbours beams of one width hold, for each *k*.
  private func hits(
    _ queries: CalibrationQueries, _ truth: [[UInt32]], _ nodes: [UInt32], _ ks: [Int], _ width: Int,
    _ walkers: [BuildWalker]
  ) -> [Int] {
    var found = [Int](repeating: 0, count: queries.origins.count * ks.count)
    unsafe found.withUnsafeMutableBufferPointer { found in
      // SAFETY: each task writes the places of its own query.
      nonisolated(unsafe) let found = unsafe found
      workers.run(tasks: queries.origins.count) { task, worker in
        let walker = walkers[worker]
        unsafe walker.walk(
          graph, towards: queries.vector(task), k: 1, effort: WalkEffort(beamWidth: width),
          excluding: queries.origins[task])
        var beam: [UInt32] = []
        walker.appendBeam(to: &beam)
        let inBeam = Set(beam)
        for (index, k) in ks.enumerated() {
          unsafe found[task * ks.count + index] = truth[task].prefix(k).count { inBeam.contains(nodes[Int($0)]) }
        }
      }
    }
    return ks.indices.map { index in queries.origins.indices.reduce(0) { $0 + found[$1 * ks.count + index] } }
  }
}
