/// Measures which beam reaches which recall.
///
/// Rows that were held out of the graph ask, more or less changed. What is counted is how many of the true neighbours are in the beam; since
/// its first rows are scored exactly afterwards, as many as hold nearly all of those, that is all but the recall of a search.
struct Calibrator {
  let graph: ProximityGraph
  let codes: CodeStore
  let rows: RowStore
  let bytes: ByteRows
  let workers: WorkerPool

  /// Queries that are drawn, and those of them that are measured.
  private static let (drawnCount, queryCount) = (8192, 3072)
  /// Beams of fixed width are measured on one query in so many: one number is to be told, not many.
  private static let beamStep = 4
  /// How far rows are moved to become queries: as light edits move a picture, to where it resembles nothing very much.
  private static let parts: [Float] = [0.1, 0.2, 0.3, 0.4, 0.6]
  static let ks = [1, 10, 32, 100]
  private static let widths = [
    1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512,
  ]
  /// How far walks are told to go, one after another.
  private static let slacks: [Float] = [
    SearchHorizon.settlingSlack, -0.4, -0.3, -0.2, -0.1, 0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.125, 0.15,
    0.18, 0.22, 0.27, 0.33,
    0.4, 0.5,
  ]
  /// What is missed up to this slack says how hard a query was.
  private static let tellingSlack: Float = 0.1
  /// The shares of queries, in the order of their hardness, that are measured together.
  ///
  /// They overlap, since the more there are the more exact is a measurement.
  private static let windows: [Range<Double>] = [
    0..<0.3, 0.2..<0.5, 0.4..<0.65, 0.55..<0.8, 0.7..<0.9, 0.85..<1,
  ]
  /// Walks that have expanded so many nodes are not told to go further: no search is to cost so much for its last neighbours.
  private static let longEnough = 400
  /// Beams and slacks beyond what finds so much of everything are not measured.
  private static let enough = 0.9999

  /// Measures.
  ///
  /// - Parameters:
  ///   - heldOut: Rows that have a code and are no nodes.
  ///   - nodes: The nodes of the graph.
  ///   - seed: Draws the queries.
  /// - Returns: A curve for each *k* of which there are as many nodes; none where no row was held out.
  /// - Complexity: O(*n* · *d*) for the truth, and some dozen walks, for each of 3,072 queries.
  func calibrate(_ heldOut: [UInt32], among nodes: [UInt32], seed: UInt64) -> Calibration {
    let ks = heldOut.isEmpty ? [] : Self.ks.filter { $0 < nodes.count }
    let walkers = (0..<workers.width).map { _ in
      BuildWalker(codes: codes, rows: rows, degree: graph.maxDegree, width: SearchScratch.maximumAdaptiveWidth)
    }
    guard !ks.isEmpty else { return Calibration(curves: [], hardnessCurves: []) }
    let trial = trial(hardQueries(heldOut, nodes, walkers, seed: seed &+ 2), nodes, k: ks[ks.count - 1])
    return Calibration(
      curves: beamCurves(trial, ks, walkers), hardnessCurves: ks.map { hardnessCurve($0, trial, walkers) })
  }

  /// Draws queries of all hardnesses, harder ones more often: callers may well ask those that rows themselves hardly ever are.
  private func hardQueries(
    _ heldOut: [UInt32], _ nodes: [UInt32], _ walkers: [BuildWalker], seed: UInt64
  ) -> [MovedRow] {
    let count = min(Self.drawnCount, HeldOutRows.queriesPerRow * heldOut.count)
    let drawn = MovedRow.draw(count, from: heldOut, among: nodes, parts: Self.parts, seed: seed)
    guard drawn.count > Self.queryCount else { return drawn }
    let queries = CalibrationQueries(drawn, rows: rows, form: codes.quantizer.form)
    let trial = Trial(queries: queries, truth: drawn.map { _ in [] })
    let contrasts = forEachQuery(trial, walkers) { walker, query in
      walker.walk(graph, towards: query, k: 10, greatestSlack: 0)
      return walker.measureTraits().contrast
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
    let truth = ByteNeighbors(among: nodes, of: rows, bytes: bytes, metric: form.metric)
      .nearest(k, to: queries, workers: workers)
    return Trial(queries: queries, truth: truth)
  }

  /// Measures beams of fixed width.
  private func beamCurves(_ trial: Trial, _ ks: [Int], _ walkers: [BuildWalker]) -> [Calibration.Curve] {
    var curves = ks.map { Calibration.Curve(k: $0, points: []) }
    for width in Self.widths {
      let places = forEachQuery(trial, walkers, step: Self.beamStep) { walker, query in
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
  private func hardnessCurve(_ k: Int, _ trial: Trial, _ walkers: [BuildWalker]) -> HardnessCurve {
    let walks = forEachQuery(trial, walkers) { walker, query in walk(walker, towards: query, k: k) }
    let model = HardnessModel(fitting: walks.map(\.missed), to: walks.map(\.traits))
    let sorted = walks.map { (hardness: model.hardness(of: $0.traits), walk: $0) }
      // Equal hardnesses stay in the order of queries.
      .sorted { $0.hardness < $1.hardness }
    let count = Double(sorted.count)
    var bins: [HardnessCurve.Bin] = []
    for window in Self.windows {
      let members = sorted[Int(window.lowerBound * count)..<Int(window.upperBound * count)]
      guard !members.isEmpty else { continue }
      let bin = bin(members, k)
      // Of queries that are all alike one bin tells everything.
      if bin.hardness > bins.last?.hardness ?? -.infinity { bins.append(bin) }
    }
    return HardnessCurve(k: k, model: model, whole: bin(sorted[...], k), bins: bins)
  }

  /// A walk that goes on from slack to slack.
  private struct Walk {
    /// What was known of the query when it settled.
    var traits: QueryTraits
    /// For each slack where in the beam the true neighbours were; fewer than there are slacks when nothing was left to find.
    var places: [[Int]]
    /// Whether it was too long to go on.
    var isCut = false

    /// Which part of its neighbours it misses, on average over the slacks that tell.
    var missed: Float {
      let slacks = Calibrator.slacks.prefix { $0 <= Calibrator.tellingSlack }
      let missed = slacks.indices.reduce(0) { sum, index in
        sum + places[min(index, places.count - 1)].count { $0 == .max }
      }
      return Float(missed) / Float(max(slacks.count * places[0].count, 1))
    }
  }

  private func walk(_ walker: BuildWalker, towards query: Query, k: Int) -> Walk {
    let truth = query.truth.prefix(k)
    walker.walk(graph, towards: query, k: k, greatestSlack: Self.slacks[Self.slacks.count - 1])
    var walk = Walk(traits: walker.measureTraits(), places: [walker.places(of: truth)])
    for slack in Self.slacks.dropFirst() {
      if walk.places[walk.places.count - 1].allSatisfy({ $0 < .max }) { break }
      walk.isCut = walker.searcher.cost.hops >= Self.longEnough
      if walk.isCut { break }
      walker.proceed(graph, to: slack)
      walk.places.append(walker.places(of: truth))
    }
    return walk
  }

  /// Sums up walks of about the same hardness.
  private func bin(_ members: ArraySlice<(hardness: Float, walk: Walk)>, _ k: Int) -> HardnessCurve.Bin {
    let walks = members.map(\.walk)
    var bin = HardnessCurve.Bin(
      hardness: members.reduce(0) { $0 + $1.hardness } / Float(members.count),
      sought: walks.reduce(0) { $0 + $1.places[0].count }, points: [])
    for (index, slack) in Self.slacks.enumerated() {
      // What walks would find that were cut is not known.
      if walks.count(where: { $0.isCut && $0.places.count <= index }) * 100 > walks.count { break }
      let places = walks.map { $0.places[min(index, $0.places.count - 1)][...] }
      let recall = Self.recall(places)
      bin.points.append(
        HardnessCurve.Point(
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
    var counts = [Int](repeating: 0, count: SearchScratch.maximumAdaptiveWidth)
    var (sought, found) = (0, 0)
    for place in places.joined() {
      sought += 1
      guard place < .max else { continue }
      found += 1
      counts[place] += 1
    }
    let lost = Int(Double(sought - found) * 0.1)
    var left = max(found - lost, 1)
    for (place, count) in counts.enumerated() {
      left -= count
      if left <= 0 { return max(place + 1, k) }
    }
    return k
  }

  /// Asks every query of a trial, or every `step`-th, on all workers.
  private func forEachQuery<Result>(
    _ trial: Trial, _ walkers: [BuildWalker], step: Int = 1, _ body: (BuildWalker, Query) -> Result
  ) -> [Result] {
    let count = (trial.truth.count + step - 1) / step
    var results = [Result?](repeating: nil, count: count)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes its own element, and each worker has a walker of its own.
      nonisolated(unsafe) let (results, body) = unsafe (results, body)
      workers.run(tasks: count) { task, worker in
        unsafe results[task] = unsafe body(walkers[worker], trial.query(task * step))
      }
    }
    return results.compactMap { $0 }
  }
}
