import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// The edit that a request asks for; nil for any other request.
  ///
  /// - Parameters:
  ///   - body: What is asked.
  ///   - vectors: What came with it; kept until the edit is done.
  /// - Returns: The edit.
  package func edit(for body: RequestBody, _ vectors: VectorBuffer) -> Edit? {
    switch body {
    case .itemsUpsert(let request): .upsert(request, vectors)
    case .itemsRemove(let request): .remove(request)
    case .membersPut(let request): .put(request)
    case .worksPut(let request): .put(request)
    case .permissionsPut(let request): .put(request)
    case .permissionsRevoke(let request): .revoke(request)
    case .membersRemove(let request), .worksRemove(let request): .remove(request)
    default: nil
    }
  }

  /// Writes the answer to an edit.
  package func answer(_ outcome: Editor.Outcome, to request: Request, into encoder: inout AnswerEncoder) {
    switch outcome {
    case .done(let text):
      encoder.beginResult(request.id)
      encoder.buffer.raw(text)
      encoder.endResult()
    case .refused(let error): refuse(request, ServiceFailure.wireError(for: error), into: &encoder)
    }
  }

  /// `items.scroll`: all items, or those that meet a filter, a page at a time and all at one revision.
  func itemsScroll(_ request: ItemsScrollRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    try engine.refreshIfDue(atLeast: try engine.store.seq())
    let snapshot = engine.index.snapshot
    let cursor = try request.cursor.map { try ScrollCursor($0, now: snapshot) }
    let sequence = cursor?.sequence ?? snapshot.sequence
    let allowed = try request.filter.map { try engine.rows(meeting: $0, in: snapshot) }
    var (after, page, isLast) = (cursor?.ordinal, [ItemDetails](), false)
    // What a filter leaves out is passed over a page at a time, so that no read lasts long.
    while page.count <= request.limit, !isLast {
      let limit = request.limit + 1
      let items = try engine.read(for: snapshot) { try $0.items(at: sequence, after: after, limit: limit) }
      isLast = items.count < limit
      after = items.last?.ordinal ?? after
      page += items.filter { item in
        allowed.map { Int(item.ordinal) < $0.count && $0[item.ordinal] } ?? true
      }
    }
    let shown = page.prefix(request.limit)
    let options = ItemsGetRequest(
      keys: [], withAttributes: request.withAttributes, withVectors: request.withVectors)
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("items")
    encoder.buffer.beginArray()
    for item in shown { write(item, options, snapshot, &encoder) }
    encoder.buffer.endArray()
    encoder.buffer.member("seq", Int(sequence))
    if page.count > request.limit, let last = shown.last {
      encoder.buffer.member(
        "cursor",
        ScrollCursor(sequence: sequence, generation: snapshot.generation, ordinal: last.ordinal).text)
    }
    encoder.buffer.endObject()
    encoder.endResult()
  }
}

/// Where a scroll stopped, and the revision that it goes through.
///
/// Rows of removed items stay until they are compacted, so the pages of one scroll all show the same revision.
struct ScrollCursor: Equatable {
  var sequence: Int64
  var generation: Int64
  var ordinal: UInt32

  /// Opaque to callers.
  var text: String { "s1.\(generation).\(sequence).\(ordinal)" }

  init(sequence: Int64, generation: Int64, ordinal: UInt32) {
    (self.sequence, self.generation, self.ordinal) = (sequence, generation, ordinal)
  }

  /// Reads a cursor that an earlier answer gave.
  ///
  /// - Throws: `invalid_params` for what is none, `stale` for one from before a compaction.
  init(_ text: String, now: IndexSnapshot) throws(WireError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "s1", let generation = Int64(parts[1]), let sequence = Int64(parts[2]),
      let ordinal = UInt32(parts[3]), 0...now.sequence ~= sequence
    else { throw .invalid("/params/cursor", "not a cursor of an earlier answer") }
    guard generation == now.generation else {
      throw WireError(
        .stale, "the catalogue was compacted since the first page; begin again without cursor",
        pointer: "/params/cursor")
    }
    self.init(sequence: sequence, generation: generation, ordinal: ordinal)
  }
}
