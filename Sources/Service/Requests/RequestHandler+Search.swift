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
    let queries = try context.queries(0..<context.queryCount(vectors), of: vectors)
    let limit = request.scoreThreshold.map { Metric.distance(ofScore: $0) } ?? .infinity
    var writer = HitWriter(context, engine, options)
    let closing: AnswerEncoder.Closing
    if options.groupsByWork {
      let found = context.searcher.groups(
        queries, k: request.k, size: options.groupSize, effort: request.effort, within: limit, filter: context.filter,
        excluding: context.excluded)
      try writer.judge(found.lazy.flatMap(\.groups).flatMap(\.best))
      encoder.beginResults(id)
      for answer in found { try writer.write(groups: answer.groups, to: &encoder) }
      closing = context.closing(found.lazy.map(\.plan))
      statistics.countSearch(found.lazy.map(\.plan))
    } else {
      let found = context.searcher.nearest(
        queries, k: request.k, effort: request.effort, within: limit, filter: context.filter,
        excluding: context.excluded)
      try writer.judge(found.lazy.flatMap(\.neighbors))
      encoder.beginResults(id)
      for answer in found { try writer.write(hits: answer.neighbors, to: &encoder) }
      closing = context.closing(found.lazy.map(\.plan))
      statistics.countSearch(found.lazy.map(\.plan))
    }
    encoder.endResults(closing)
  }
}
