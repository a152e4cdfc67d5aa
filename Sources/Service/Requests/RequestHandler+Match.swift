import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// Vectors whose matches are held in memory at a time.
  private static let block = 256

  /// `match`: everything at or above a score, complete.
  func match(
    _ request: MatchRequest, _ id: RequestID, _ vectors: VectorBuffer, _ circumstances: Circumstances,
    _ encoder: inout AnswerEncoder
  ) throws {
    let context = try QueryContext(request.options, engine, circumstances)
    let count = context.queryCount(vectors)
    var writer = HitWriter(context, engine, request.options)
    var closing = context.closing
    closing.plan = SearchPlan.exact.rawValue
    if request.options.groupsByWork {
      guard request.cursor == nil else {
        throw WireError.invalid("/params/cursor", "an answer gathered by work has no cursor")
      }
      let (entries, isComplete) = try matchingWorks(request, context, count, vectors)
      closing.complete = isComplete
      try writer.judge(entries.lazy.joined().flatMap(\.best))
      encoder.beginResults(id)
      for groups in entries { try writer.write(groups: groups, to: &encoder) }
    } else {
      let (entries, cursor) = try matchingItems(request, context, count, vectors)
      closing.complete = cursor == nil
      closing.cursor = cursor?.text
      try writer.judge(entries.lazy.joined())
      encoder.beginResults(id)
      for hits in entries { try writer.write(hits: hits, to: &encoder) }
    }
    encoder.endResults(closing)
    statistics.countSearch(repeatElement(.exact, count: count))
  }

  /// The matches of every vector in turn until the limit, and where to go on.
  ///
  /// Entry *i* always belongs to vector *i*: of vectors before a cursor and after the limit it is empty.
  private func matchingItems(
    _ request: MatchRequest, _ context: QueryContext, _ count: Int, _ vectors: VectorBuffer
  ) throws -> (entries: [[Neighbor]], cursor: MatchCursor?) {
    let sequence = context.snapshot.sequence
    let start = try request.cursor.map { text throws(WireError) in
      try MatchCursor(text, for: context.snapshot, queries: count)
    }
    let first = start?.query ?? 0
    var entries = [[Neighbor]](repeating: [], count: count)
    var room = request.limit
    for (lower, queries) in try blocks(from: first, to: count, context, vectors) {
      let found = context.searcher.matches(
        queries, within: Metric.distance(ofScore: request.scoreThreshold), filter: context.filter, limit: room,
        after: lower == first ? start?.last : nil, excluding: context.excluded)
      for (query, result) in zip(lower..., found) {
        let shown = Array(result.matches.prefix(room))
        entries[query] = shown
        room -= shown.count
        guard result.complete, shown.count == result.matches.count else {
          let last = shown.last ?? (query == first ? start?.last : nil)
          return (entries, MatchCursor(sequence: sequence, query: query, last: last))
        }
        if room == 0, query + 1 < count {
          return (entries, MatchCursor(sequence: sequence, query: query + 1, last: nil))
        }
      }
    }
    return (entries, nil)
  }

  /// The works that match each vector, as many as the limit allows, and whether those are all.
  private func matchingWorks(
    _ request: MatchRequest, _ context: QueryContext, _ count: Int, _ vectors: VectorBuffer
  ) throws -> (entries: [[NeighborGroup]], isComplete: Bool) {
    var entries: [[NeighborGroup]] = []
    var room = request.limit
    var isComplete = true
    for (_, queries) in try blocks(from: 0, to: count, context, vectors) {
      let found = context.searcher.matchingGroups(
        queries, size: request.options.groupSize, within: Metric.distance(ofScore: request.scoreThreshold),
        filter: context.filter, excluding: context.excluded)
      for groups in found {
        isComplete = isComplete && groups.count <= room
        entries.append(Array(groups.prefix(room)))
        room -= entries[entries.count - 1].count
      }
    }
    return (entries, isComplete)
  }

  /// All vectors, checked and prepared before the first of them is searched.
  private func blocks(
    from first: Int, to count: Int, _ context: QueryContext, _ vectors: VectorBuffer
  ) throws -> [(lower: Int, queries: PreparedQueries)] {
    try stride(from: first, to: count, by: Self.block).map { lower in
      (lower, try context.queries(lower..<min(lower + Self.block, count), of: vectors))
    }
  }
}
