import Foundation
import SweepResults
import Synchronization
import VectorIndex

/// Asks a target queries in the ways that are compared, and times it.
struct Asker<Target: SearchTarget> {
  let target: Target
  let data: DataFolder
  let k: Int

  typealias Answer = (point: SweepPoint, found: [[UInt32]])

  /// One query a call, on this thread; with a filter only as many queries as it has groups for.
  func oneByOne(effort: Int, filter: QueryFilter? = nil) throws -> Answer {
    try each(filter?.groups.count ?? data.queryCount, effort: effort) { number, query in
      let allowed = filter.map { $0.filters[$0.groups[number]] }
      return try target.search(query, k: k, effort: effort, filter: allowed)
    }
  }

  /// One query a call, for everything within a distance.
  func within(_ distance: Float, queries count: Int, effort: Int) throws -> Answer {
    try each(count, effort: effort) { try target.matches($1, within: distance, effort: effort) }
  }

  /// All queries in one call.
  func together(effort: Int) throws -> Answer {
    let some = min(200, data.queryCount) * data.dimension
    _ = try target.searchBatch(data.queries.span.extracting(0..<some), k: k, effort: effort)
    let stopwatch = Stopwatch()
    let found = try target.searchBatch(data.queries.span, k: k, effort: effort)
    return (stopwatch.point(effort: effort, queries: data.queryCount), found)
  }

  /// One query a call, from several threads at once.
  func oneByOne(effort: Int, threads: Int) throws -> Answer {
    let parts = Mutex([[[UInt32]]](repeating: [], count: threads))
    let failure = Mutex<(any Error)?>(nil)
    let count = data.queryCount
    func ask(upTo limit: Int) {
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        do {
          let range = count * thread / threads..<count * (thread + 1) / threads
          let found = try range.prefix(limit).map { number in
            try target.search(data.queries.span.extracting(data.query(number)), k: k, effort: effort, filter: nil)
          }
          parts.withLock { $0[thread] = found }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    ask(upTo: 200)
    let stopwatch = Stopwatch()
    ask(upTo: count)
    let point = stopwatch.point(effort: effort, queries: count)
    if let error = failure.withLock({ $0 }) { throw error }
    return (point, parts.withLock { $0.flatMap { $0 } })
  }

  private func each(
    _ count: Int, effort: Int, _ search: (_ number: Int, _ query: Span<Float>) throws -> [UInt32]
  ) throws -> Answer {
    let queries = data.queries.span
    for number in 0..<min(200, count) { _ = try search(number, queries.extracting(data.query(number))) }
    var found: [[UInt32]] = []
    var seconds: [Double] = []
    found.reserveCapacity(count)
    seconds.reserveCapacity(count)
    let stopwatch = Stopwatch()
    for number in 0..<count {
      let start = Processor.threadSeconds
      found.append(try search(number, queries.extracting(data.query(number))))
      seconds.append(Processor.threadSeconds - start)
    }
    var point = stopwatch.point(effort: effort, queries: count)
    point.addLatencies(seconds)
    return (point, found)
  }
}
