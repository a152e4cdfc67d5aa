import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `search`: the k nearest items, or works, to each vector.
  func search(
    _ request: SearchRequest, _ id: RequestID, _ vectors: VectorBuffer, _ circumstances: Circumstances,
    _ encoder: inout AnswerEncoder
  ) throws {
    let options = request.options
    let context = try QueryContext(options, engine, circumstances)
    let count = context.queryCount(vectors)
    let blocks = try context.blocks(0..<count, of: vectors, sizes: circumstances.blockSizes())
    var writer = HitWriter(context, engine, options, AnswerRoom(limits.answerBytes, from: encoder.buffer.count))
    var closing: AnswerEncoder.Closing
    let searched: Int
    if options.groupsByWork {
      let found = try circumstances.gather(blocks) { queries in
        context.searcher.groups(
          queries, k: request.k, size: options.groupSize, effort: request.effort, within: request.limit,
          filter: context.filter, excluding: context.excluded)
      }
      if options.withVectors {
        try writer.checkVectors(of: found.reduce(0) { $1.groups.reduce($0) { $0 + $1.best.count } })
      }
      try writer.judge(found.lazy.flatMap(\.groups).flatMap(\.best))
      encoder.beginResults(id)
      for answer in found { try writer.write(groups: answer.groups, to: &encoder) }
      (closing, searched) = (context.closing(found.lazy.map(\.plan)), found.count)
      statistics.countSearch(found.lazy.map(\.plan))
    } else {
      let found = try circumstances.gather(blocks) { nearest(request, context, $0) }
      try writer.checkVectors(of: found.reduce(0) { $0 + $1.neighbors.count })
      try writer.judge(found.lazy.flatMap(\.neighbors))
      encoder.beginResults(id)
      for answer in found { try writer.write(hits: answer.neighbors, to: &encoder) }
      (closing, searched) = (context.closing(found.lazy.map(\.plan)), found.count)
      statistics.countSearch(found.lazy.map(\.plan))
    }
    closing.partial = searched < count
    for _ in searched..<count { encoder.entryNotSearched(isGrouped: options.groupsByWork) }
    encoder.endResults(closing)
  }

  private func nearest(_ request: SearchRequest, _ context: QueryContext, _ queries: PreparedQueries) -> [SearchAnswer]
  {
    context.searcher.nearest(
      queries, k: request.k, effort: request.effort, within: request.limit, filter: context.filter,
      excluding: context.excluded)
  }

  /// Several requests that ask the same of different vectors, in one call of the index; each gets the answer that it would get alone.
  ///
  /// - Parameters:
  ///   - batch: Requests that may be joined.
  ///   - desk: Gets the answers, one after another, and where each ends.
  /// - Returns: False where they have to be answered one by one, so that the one which is refused is found; nothing was counted then.
  func searchTogether(_ batch: [Job], _ desk: inout WorkDesk) -> Bool {
    guard let first = batch.first, case .search(let request) = first.request.body,
      let context = try? QueryContext(
        request.options, engine,
        Circumstances(
          received: first.received, isAlone: false, givesUp: { batch.allSatisfy(\.interruption.isRaised) })),
      let queries = context.queries(of: batch, &desk.numbers)
    else { return false }
    let found = nearest(request, context, queries)
    guard !batch.contains(where: \.interruption.isRaised) else { return false }
    // Together they keep to what one answer may take; what is longer is made one by one.
    let room = AnswerRoom(limits.answerBytes, from: desk.encoder.buffer.count)
    let writer = HitWriter(context, engine, request.options, room)
    var next = 0
    do {
      try writer.checkVectors(of: found.reduce(0) { $0 + $1.neighbors.count })
      for job in batch {
        let answers: ArraySlice<SearchAnswer> = found[next..<next + job.vectors.count]
        next += job.vectors.count
        desk.encoder.beginResults(job.request.id)
        for answer in answers { try writer.write(hits: answer.neighbors, to: &desk.encoder) }
        desk.encoder.endResults(context.closing(answers.lazy.map(\.plan)))
        desk.ends.append(desk.encoder.buffer.count)
      }
    } catch {
      return false
    }
    statistics.countSearch(found.lazy.map(\.plan))
    return true
  }
}

extension SearchRequest {
  /// The greatest distance of a hit.
  fileprivate var limit: Float { scoreThreshold.map { Metric.distance(ofScore: $0) } ?? .infinity }
}

extension QueryContext {
  /// The vectors of several requests; nil where one of them cannot be compared with the catalogue's.
  ///
  /// - Parameters:
  ///   - batch: Requests with vectors.
  ///   - numbers: Memory to gather them in.
  /// - Returns: All vectors in the order of the requests.
  fileprivate func queries(of batch: [Job], _ numbers: inout [Float]) -> PreparedQueries? {
    let dimension = snapshot.rows.layout.dimension
    numbers.removeAll(keepingCapacity: true)
    for job in batch {
      guard job.vectors.dimension == dimension, !job.vectors.isUnscaledInteger || snapshot.metric == .cosine else {
        return nil
      }
      job.vectors.appendNumbers(to: &numbers)
    }
    return try? PreparedQueries(numbers.span, dimension: dimension, metric: snapshot.metric)
  }
}
