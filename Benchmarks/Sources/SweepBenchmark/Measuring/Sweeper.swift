import Foundation
import SweepResults
import VectorIndex

/// Sweeps one target: from little effort to much, for every way of asking.
struct Sweeper<Target: SearchTarget> {
  let asker: Asker<Target>
  let recall: Recall
  let truth: Truth
  let efforts: [Int]
  let exact: [[UInt32]]

  /// Beyond this recall more effort shows nothing.
  private static var goodEnough: Double { 0.9997 }
  private static var thresholdQueries: Int { 1000 }

  private var data: DataFolder { asker.data }

  /// All queries, one a call or all in one.
  func plain(_ mode: Sweep.Mode) throws -> Sweep {
    Sweep(
      mode: mode,
      points: try sweep("\(mode.rawValue)", exact) { effort in
        try mode == .batch ? asker.together(effort: effort) : asker.oneByOne(effort: effort)
      })
  }

  /// The same on several threads; the target of a batch brings its own.
  func plain(_ mode: Sweep.Mode, threads: Int) throws -> Sweep {
    Sweep(
      mode: mode, threads: threads,
      points: try sweep("\(mode.rawValue), \(threads) threads", exact) { effort in
        try mode == .batch ? asker.together(effort: effort) : asker.oneByOne(effort: effort, threads: threads)
      })
  }

  /// One query a call, among the rows of a filter.
  func filtered(_ filter: QueryFilter) throws -> Sweep {
    var exact = [[UInt32]](repeating: [], count: filter.groups.count)
    for (group, allowed) in filter.filters.enumerated() {
      let numbers = filter.groups.indices.filter { filter.groups[$0] == group }
      let lists = try truth.nearest(numbers, k: asker.k, in: allowed.selection)
      for (number, list) in zip(numbers, lists) { exact[number] = list.map(\.ordinal) }
    }
    let points = try sweep(filter.name, exact) { try asker.oneByOne(effort: $0, filter: filter) }
    return Sweep(mode: .single, filter: .init(name: filter.name, share: filter.share), points: points)
  }

  /// One query a call, for everything within the distance that an average query's `rank`-th row has.
  func threshold(rank: Int) throws -> Sweep {
    let count = min(Self.thresholdQueries, data.queryCount)
    let distances = try truth.nearest(queries: count, k: rank).compactMap { $0.last?.distance }.sorted()
    let distance = distances[distances.count / 2]
    let exact = try truth.matches(queries: count, within: distance)
    let mean = Double(exact.reduce(0) { $0 + $1.count }) / Double(count)
    let points = try sweep("threshold of rank \(rank)", exact.map { $0.map(\.ordinal) }) {
      try asker.within(distance, queries: count, effort: $0)
    }
    let name = "median distance of rank \(rank), \(Int(mean.rounded())) matches on average"
    return Sweep(mode: .threshold, filter: .init(name: name, share: mean / Double(data.rowCount)), points: points)
  }

  private func sweep(
    _ name: String, _ exact: [[UInt32]], _ ask: (Int) throws -> Asker<Target>.Answer
  ) throws -> [SweepPoint] {
    let (limits, counts) = (recall.limits(exact), exact.map(\.count))
    var points: [SweepPoint] = []
    for effort in efforts {
      var (point, found) = try ask(effort)
      point.recall = recall.share(found, limits: limits, counts: counts)
      point.askedRecall = Target.askedRecall(effort: effort)
      points.append(point)
      log("\(name), effort \(effort): recall \(fixed(point.recall)), \(Int(point.qps)) queries a second")
      if point.recall >= Self.goodEnough { break }
    }
    return points
  }

  private func fixed(_ recall: Double) -> String { String(format: "%.4f", recall) }

  private func log(_ text: String) {
    FileHandle.standardError.write(Data("\(Target.name), \(text)\n".utf8))
  }
}
