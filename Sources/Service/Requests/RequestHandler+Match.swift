import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// Vectors that are searched for at a time: with more, products of matrices get no faster.
  private static let block = 256

  /// Vectors whose matches are held in memory at a time.
  private func block(_ request: MatchRequest, _ context: QueryContext) -> Int {
    min(
      Self.block,
      MatchMemory.queriesAtATime(
        limit: request.limit, rows: context.snapshot.count, isGrouped: request.options.groupsByWork))
  }

  /// `match`: everything at or above a score, complete.
  func match(
    _ request: MatchRequest, _ id: RequestID, _ vectors: VectorBuffer, _ circumstances: Circumstances,
    _ encoder: inout AnswerEncoder
  ) throws {
    let context = try QueryContext(request.options, engine, circumstances)
    let count = context.queryCount(vectors)
    let room = AnswerRoom(limits.answerBytes, from: encoder.buffer.count)
    var writer = HitWriter(context, engine, request.options, room)
    var closing = context.closing
    closing.plan = SearchPlan.exact.rawValue
    if request.options.groupsByWork {
      guard request.cursor == nil else {
        throw WireError.invalid("/params/cursor", "an answer gathered by work has no cursor")
      }
      let (entries, isComplete) = try matchingWorks(request, context, count, vectors, circumstances)
      closing.complete = isComplete
      closing.partial = entries.count < count
      try writer.checkVectors(of: entries.lazy.joined().reduce(0) { $0 + $1.best.count })
      try writer.judge(entries.lazy.joined().flatMap(\.best))
      encoder.beginResults(id)
      for groups in entries { try writer.write(groups: groups, to: &encoder) }
      for _ in entries.count..<count { encoder.entryNotSearched(isGrouped: true) }
    } else {
      let (entries, cursor) = try matchingItems(request, context, count, vectors, circumstances)
      closing.complete = cursor == nil
      closing.cursor = cursor?.text
      closing.partial = entries.count < count
      try writer.checkVectors(of: entries.reduce(0) { $0 + $1.count })
      try writer.judge(entries.lazy.joined())
      encoder.beginResults(id)
      for hits in entries { try writer.write(hits: hits, to: &encoder) }
      for _ in entries.count..<count { encoder.entryNotSearched(isGrouped: false) }
    }
    encoder.endResults(closing)
    statistics.countSearch(repeatElement(.exact, count: count))
  }

  /// The matches of every vector in turn until the limit, and where to go on.
  ///
  /// Entry *i* always belongs to vector *i*: of vectors before a cursor and after the limit it is empty. Vectors for which there was no time
  /// have none; the cursor goes on there.
  private func matchingItems(
    _ request: MatchRequest, _ context: QueryContext, _ count: Int, _ vectors: VectorBuffer,
    _ circumstances: Circumstances
  ) throws -> (entries: [[Neighbor]], cursor: MatchCursor?) {
    let sequence = context.snapshot.sequence
    let start = try request.cursor.map { text throws(WireError) in
      try MatchCursor(text, for: context.snapshot, queries: count)
    }
    let first = start?.query ?? 0
    var entries = [[Neighbor]](repeating: [], count: count)
    var room = request.limit
    var lower = first
    for queries in try context.blocks(
      first..<count, of: vectors, sizes: circumstances.blockSizes(of: block(request, context)))
    {
      defer { lower += queries.count }
      let found = context.searcher.matches(
        queries, within: Metric.distance(ofScore: request.scoreThreshold), filter: context.filter, limit: room,
        after: lower == first ? start?.last : nil, excluding: context.excluded)
      try circumstances.checkWanted()
      guard !circumstances.isLate else {
        guard lower > first else { throw WireError.noTime }
        return (Array(entries.prefix(lower)), MatchCursor(sequence: sequence, query: lower, last: nil))
      }
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

  /// The works that match each vector, as many as the limit allows and as an answer may show hits of, and whether those are all.
  private func matchingWorks(
    _ request: MatchRequest, _ context: QueryContext, _ count: Int, _ vectors: VectorBuffer,
    _ circumstances: Circumstances
  ) throws -> (entries: [[NeighborGroup]], isComplete: Bool) {
    let blocks = try context.blocks(
      0..<count, of: vectors, sizes: circumstances.blockSizes(of: block(request, context)))
    var (room, hits) = (request.limit, Limits().hits)
    var isComplete = true
    let entries = try circumstances.gather(blocks) { queries in
      let found = context.searcher.matchingGroups(
        queries, size: request.options.groupSize, within: Metric.distance(ofScore: request.scoreThreshold),
        filter: context.filter, limit: room, rows: hits, excluding: context.excluded)
      return found.map { matches in
        // After the first that was cut off nothing more is shown.
        room = matches.isComplete ? room - matches.groups.count : 0
        hits -= matches.groups.reduce(0) { $0 + $1.best.count }
        isComplete = isComplete && matches.isComplete
        return matches.groups
      }
    }
    return (entries, isComplete && entries.count == count)
  }
}
