/// Measures which beam reaches which recall.
///
/// Rows of the index ask, more or less changed and each as if it were not in it: the walk does not see its node. What is counted is how many
/// of the true neighbours are in the beam; since its first rows are scored exactly afterwards, as many as hold nearly all of those, that is
/// all but the recall of a search.
struct Calibrator {
  let graph: ProximityGraph
  let codes: CodeStore
  let rows: RowStore
  let workers: WorkerPool

  /// Queries that are drawn, and those of them that are measured.
  private static let (drawnCount, queryCount) = (8192, 1536)
  /// How far rows are moved to become queries: as light edits move a picture, to where it resembles nothing very much.
  private static let parts: [Float] = [0.1, 0.2, 0.3, 0.4, 0.6]
  static let ks = [1, 10, 32, 100]
  private static let widths = [
    1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512,
  ]
  /// How far walks are told to go, one after another.
  private static let slacks: [Float] = [
    SearchHorizon.settlingSlack, 0.01, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.125, 0.15, 0.18, 0.22, 0.27, 0.33,
    0.4, 0.5,
  ]
  /// The shares of queries, in the order of their contrast, that are measured together.
  ///
  /// They overlap, since the more there are the more exact is a measurement.
  private static let windows: [Range<Double>] = [
    0..<0.3, 0.2..<0.5, 0.4..<0.65, 0.55..<0.8, 0.7..<0.9, 0.85..<1,
  ]
  /// Walks that have expanded so many nodes are not told to go further: no search is to cost so much for its last neighbours.
  private static let longEnough = 400
  /// Beams beyond what finds so much of everything are not measured.
  private static let enough = 0.9995

  /// Measures.
  ///
  /// - Parameters:
  ///   - nodes: The nodes of the graph.
  ///   - seed: Draws the queries.
  /// - Returns: A curve for each *k* of which there are as many nodes.
  /// - Complexity: O(*n* · *d*) for the truth, and some dozen walks, for each of 768 queries.
  func calibrate(_ nodes: [UInt32], seed: UInt64) -> Calibration {
    let ks = Self.ks.filter { $0 < nodes.count }
    let walkers = (0..<workers.width).map { _ in
      BuildWalker(codes: codes, rows: rows, degree: graph.maxDegree, width: SearchScratch.maximumAdaptiveWidth)
    }
    guard !ks.isEmpty else { return Calibration(curves: [], hardnessCurves: []) }
    let trial = trial(hardQueries(nodes, walkers, seed: seed &+ 2), nodes, k: ks[ks.count - 1])
    return Calibration(
      curves: beamCurves(trial, ks, walkers), hardnessCurves: ks.map { hardnessCurve($0, trial, walkers) })
  }

  /// Draws queries of all hardnesses, harder ones more often: callers may well ask those that rows themselves hardly ever are.
  private func hardQueries(_ nodes: [UInt32], _ walkers: [BuildWalker], seed: UInt64) -> [MovedRow] {
    let drawn = MovedRow.draw(Self.drawnCount, from: nodes, parts: Self.parts, seed: seed)
    guard drawn.count > Self.queryCount else { return drawn }
    let queries = CalibrationQueries(drawn, rows: rows, form: codes.quantizer.form)
    let trial = Trial(queries: queries, truth: drawn.map { _ in [] })
    let contrasts = forEachQuery(trial, walkers) { walker, query in
      walker.walk(graph, towards: query, k: 10, greatestSlack: 0)
      return walker.measureContrast()
    }
    let order = contrasts.indices.sorted { (contrasts[$0], $0) < (contrasts[$1], $1) }
    return (0..<Self.queryCount).map { index in
      // Half of them come from the hardest third.
      let easiness = 1 - Double(index) / Double(Self.queryCount)
      return drawn[order[Int((1 - easiness * easiness.squareRoot()) * Double(drawn.count))]]
    }
  }

  /// Queries, and the nodes that they should find, nearest first.
  private struct Trial {
    let queries: CalibrationQueries
    let truth: [[UInt32]]

    func query(_ index: Int) -> Query { Query(queries: queries, index: index, truth: truth[index]) }
  }

  typealias Query = CalibrationQuery

  private func trial(_ moved: [MovedRow], _ nodes: [UInt32], k: Int) -> Trial {
    let form = codes.quantizer.form
    let queries = CalibrationQueries(moved, rows: rows, form: form)
    let truth = ExactNeighbors(rows: rows, form: form)
      .nearest(k, to: queries.block, otherThan: queries.origins, among: nodes, workers: workers)
    return Trial(queries: queries, truth: truth.map { $0.map { nodes[Int($0)] } })
  }

  /// Measures beams of fixed width.
  private func beamCurves(_ trial: Trial, _ ks: [Int], _ walkers: [BuildWalker]) -> [Calibration.Curve] {
    var curves = ks.map { Calibration.Curve(k: $0, points: []) }
    for width in Self.widths {
      let places = forEachQuery(trial, walkers) { walker, query in
        walker.walk(graph, towards: query, width: width)
        return walker.places(of: query.truth)
      }
      for (index, k) in ks.enumerated() where width >= k {
        let recall = Self.recall(places.map { $0.prefix(k) })
        curves[index].points.append(
          Calibration.Point(width: width, recall: max(recall, curves[index].points.last?.recall ?? 0)))
      }
      if curves.allSatisfy({ ($0.points.last?.recall ?? 0) >= Self.enough }) { break }
    }
    return curves
  }

  /// Measures walks that the query ends, for one *k*.
  private func hardnessCurve(_ k: Int, _ trial: Trial, _ walkers: [BuildWalker]) -> Calibration.HardnessCurve {
    var walks = forEachQuery(trial, walkers) { walker, query in walk(walker, towards: query, k: k) }
    // Equal contrasts stay in the order of queries.
    walks.sort { $0.contrast < $1.contrast }
    let count = Double(walks.count)
    var bins: [Calibration.HardnessBin] = []
    for window in Self.windows {
      let walks = walks[Int(window.lowerBound * count)..<Int(window.upperBound * count)]
      guard !walks.isEmpty else { continue }
      let bin = bin(walks, k)
      // Of queries that are all alike one bin tells everything.
      if bin.contrast > bins.last?.contrast ?? -1 { bins.append(bin) }
    }
    return Calibration.HardnessCurve(k: k, bins: bins)
  }

  /// A walk that goes on from slack to slack.
  private struct Walk {
    /// How hard the query was.
    var contrast: Float
    /// For each slack where in the beam the true neighbours were; fewer than there are slacks when nothing was left to find.
    var places: [[Int]]
    /// Whether it was too long to go on.
    var isCut = false
  }

  private func walk(_ walker: BuildWalker, towards query: Query, k: Int) -> Walk {
    let truth = query.truth.prefix(k)
    walker.walk(graph, towards: query, k: k, greatestSlack: Self.slacks[Self.slacks.count - 1])
    var walk = Walk(contrast: walker.measureContrast(), places: [walker.places(of: truth)])
    for slack in Self.slacks.dropFirst() {
      if walk.places[walk.places.count - 1].allSatisfy({ $0 < .max }) { break }
      walk.isCut = walker.searcher.cost.hops >= Self.longEnough
      if walk.isCut { break }
      walker.proceed(graph, to: slack)
      walk.places.append(walker.places(of: truth))
    }
    return walk
  }

  /// Sums up walks of about the same contrast.
  private func bin(_ walks: ArraySlice<Walk>, _ k: Int) -> Calibration.HardnessBin {
    var bin = Calibration.HardnessBin(
      contrast: walks.reduce(0) { $0 + $1.contrast } / Float(walks.count), points: [])
    for (index, slack) in Self.slacks.enumerated() {
      // What walks would find that were cut is not known.
      if walks.count(where: { $0.isCut && $0.places.count <= index }) * 100 > walks.count { break }
      let places = walks.map { $0.places[min(index, $0.places.count - 1)][...] }
      let recall = Self.recall(places)
      bin.points.append(
        Calibration.SlackPoint(
          slack: slack, recall: max(recall, bin.points.last?.recall ?? 0), rescored: Self.rescored(places, k)))
      if recall >= Self.enough { break }
    }
    return bin
  }

  /// Which share of the true neighbours beams hold.
  private static func recall(_ places: [ArraySlice<Int>]) -> Double {
    let found = places.reduce(0) { $0 + $1.count { $0 < Int.max } }
    return Double(found) / Double(max(places.reduce(0) { $0 + $1.count }, 1))
  }

  /// How many of the first rows of a beam have to be scored exactly: that may lose a tenth of what the walks have lost.
  private static func rescored(_ places: [ArraySlice<Int>], _ k: Int) -> Int {
    let places = places.joined().sorted()
    let found = places.count { $0 < Int.max }
    guard found > 0 else { return k }
    let lost = Int(Double(places.count - found) * 0.1)
    return max(places[max(found - lost, 1) - 1] + 1, k)
  }

  /// Asks every query of a trial, on all workers.
  private func forEachQuery<Result>(
    _ trial: Trial, _ walkers: [BuildWalker], _ body: (BuildWalker, Query) -> Result
  ) -> [Result] {
    var results = [Result?](repeating: nil, count: trial.truth.count)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes its own element, and each worker has a walker of its own.
      nonisolated(unsafe) let (results, body) = unsafe (results, body)
      workers.run(tasks: trial.truth.count) { task, worker in
        unsafe results[task] = unsafe body(walkers[worker], trial.query(task))
      }
    }
    return results.compactMap { $0 }
  }
}
