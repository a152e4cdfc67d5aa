import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `items.get`: what is known about items, by key; absent ones are left out and counted.
  func itemsGet(_ request: ItemsGetRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let room = AnswerRoom(limits.answerBytes, from: encoder.buffer.count)
    if request.withVectors {
      try room.check(vectors: request.keys.count, of: engine.store.identity.model.dimension, fewer: "keys")
    }
    let (snapshot, _, found) = try engine.readTogether { try items(request, room, $0) }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("items")
    encoder.buffer.beginArray()
    for case let item? in found {
      write(item, request, snapshot, &encoder)
      try room.check(written: encoder.buffer.count)
    }
    encoder.buffer.endArray()
    encoder.buffer.member("missing", found.count { $0 == nil })
    encoder.buffer.member("seq", Int(snapshot.sequence))
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// What is known of the items, as long as an answer has room for it.
  private func items(
    _ request: ItemsGetRequest, _ room: AnswerRoom, _ reader: CatalogueReader
  ) throws -> [ItemDetails?] {
    var bytes = 0
    return try request.keys.map { key in
      let item = try reader.item(forKey: key)
      if request.withAttributes, let item {
        bytes += item.record.byteCount
        try room.check(read: bytes)
      }
      return item
    }
  }

  func write(
    _ item: ItemDetails, _ request: ItemsGetRequest, _ snapshot: IndexSnapshot, _ encoder: inout AnswerEncoder
  ) {
    encoder.buffer.beginObject()
    encoder.buffer.name("key")
    encoder.buffer.string(item.record.key)
    if let member = item.record.member { encoder.member(member.utf8.span) }
    if let work = item.record.work { encoder.work(work.utf8.span) }
    if request.withAttributes { encoder.buffer.details(of: item.record) }
    if request.withVectors, Int(item.ordinal) < snapshot.count {
      encoder.vector(snapshot.rows.row(Ordinal(item.ordinal)).span)
    }
    encoder.buffer.endObject()
  }

  /// `items.count`: how many live items there are, or meet a filter.
  func itemsCount(_ request: ItemsCountRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    try engine.refreshIfDue()
    let snapshot = engine.index.snapshot
    let count = try engine.searchFilter(for: request.filter, in: snapshot)?.count ?? snapshot.liveCount
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("count", count)
    encoder.buffer.member("seq", Int(snapshot.sequence))
    encoder.buffer.endObject()
    encoder.endResult()
  }
}
