/// Measures which beam reaches which recall.
///
/// Rows of the index ask, each as if it were not in it: the walk does not see its node. What is counted is how many of the true
/// neighbours are in the beam; since the beam is scored exactly afterwards, that is the recall of a search.
struct Calibrator {
  let graph: ProximityGraph
  let codes: CodeStore
  let rows: RowStore
  let workers: WorkerPool

  private static let queryCount = 320
  static let ks = [1, 10, 32, 100]
  private static let widths = [
    1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1024,
  ]
  /// Beams beyond what finds so much of everything are not measured.
  private static let enough = 0.9995

  /// Measures.
  ///
  /// - Parameters:
  ///   - nodes: The nodes of the graph.
  ///   - seed: Draws the queries.
  /// - Returns: A curve for each *k* of which there are as many nodes.
  /// - Complexity: O(*n* · *d*) for the truth, and some dozen walks, for each of 320 queries.
  func calibrate(_ nodes: [UInt32], seed: UInt64) -> Calibration {
    var generator = SplitMix(seed: seed &+ 2)
    let queries = nodes[...].sample(Self.queryCount, using: &generator)
    let ks = Self.ks.filter { $0 < nodes.count }
    guard let largest = ks.last else { return Calibration(curves: []) }
    let truth = ExactNeighbors(rows: rows, form: codes.quantizer.form)
      .nearest(largest, of: queries, among: nodes, workers: workers)
    let walkers = (0..<workers.width).map { _ in
      BuildWalker(codes: codes, rows: rows, degree: graph.maxDegree, width: Self.widths.last ?? 1)
    }
    var curves = ks.map { Calibration.Curve(k: $0, points: []) }
    for width in Self.widths {
      let found = hits(queries, truth, nodes, ks, width, walkers)
      for (index, k) in ks.enumerated() where width >= k {
        let recall = Double(found[index]) / Double(k * queries.count)
        let last = curves[index].points.last?.recall ?? 0
        curves[index].points.append(Calibration.Point(width: width, recall: max(recall, last)))
      }
      if curves.allSatisfy({ ($0.points.last?.recall ?? 0) >= Self.enough }) { break }
    }
    return Calibration(curves: curves)
  }

  /// How many of the true neighbours beams of one width hold, for each *k*.
  private func hits(
    _ queries: [UInt32], _ truth: [[UInt32]], _ nodes: [UInt32], _ ks: [Int], _ width: Int, _ walkers: [BuildWalker]
  ) -> [Int] {
    var found = [Int](repeating: 0, count: queries.count * ks.count)
    unsafe found.withUnsafeMutableBufferPointer { found in
      // SAFETY: each task writes the places of its own query.
      nonisolated(unsafe) let found = unsafe found
      workers.run(tasks: queries.count) { task, worker in
        let walker = walkers[worker]
        walker.walk(graph, towards: queries[task], width: width, excludingIt: true)
        var beam: [UInt32] = []
        walker.appendBeam(to: &beam)
        let inBeam = Set(beam)
        for (index, k) in ks.enumerated() {
          unsafe found[task * ks.count + index] = truth[task].prefix(k).count { inBeam.contains(nodes[Int($0)]) }
        }
      }
    }
    return ks.indices.map { index in queries.indices.reduce(0) { $0 + found[$1 * ks.count + index] } }
  }
}
