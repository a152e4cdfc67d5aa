import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `items.scroll`: all items, or those that meet a filter, a page at a time and all at one revision.
  func itemsScroll(
    _ request: ItemsScrollRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    try engine.refreshIfDue(atLeast: try engine.store.seq())
    let snapshot = engine.index.snapshot
    let cursor = try request.cursor.map { try ScrollCursor($0, now: snapshot) }
    let sequence = cursor?.sequence ?? snapshot.sequence
    let room = AnswerRoom(limits.answerBytes, from: encoder.buffer.count)
    var page = ScrollPage(
      try rows(of: request, at: sequence, snapshot), after: cursor?.ordinal, at: sequence, limit: request.limit)
    var shown = ShownItems(request, at: sequence, room)
    try page.fill(
      isOver: { items in
        try circumstances.checkWanted()
        guard circumstances.isLate else { return false }
        // What there was time for is a page too.
        guard !items.isEmpty else { throw WireError.noTime }
        return true
      },
      read: { rows in try engine.read(for: snapshot) { try shown.read(rows, $0) } })
    if request.withVectors {
      try room.check(vectors: page.items.count, of: snapshot.rows.layout.dimension, fewer: "items (limit)")
    }
    try write(page, request, id, snapshot, room, &encoder)
  }

  /// The rows that a page may show.
  private func rows(of request: ItemsScrollRequest, at sequence: Int64, _ snapshot: IndexSnapshot) throws -> Bitmap {
    var rows = try request.filter.map { try engine.rows(meeting: $0, in: snapshot) }
    // Rows that went after an earlier revision still are in it.
    guard sequence == snapshot.sequence else { return rows ?? Bitmap(count: snapshot.count, all: true) }
    rows?.formIntersection(snapshot.live)
    return rows ?? snapshot.live
  }

  private func write(
    _ page: ScrollPage, _ request: ItemsScrollRequest, _ id: RequestID, _ snapshot: IndexSnapshot, _ room: AnswerRoom,
    _ encoder: inout AnswerEncoder
  ) throws {
    let options = ItemsGetRequest(
      keys: [], withAttributes: request.withAttributes, withVectors: request.withVectors)
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("items")
    encoder.buffer.beginArray()
    for item in page.items {
      write(item, options, snapshot, &encoder)
      try room.check(written: encoder.buffer.count)
    }
    encoder.buffer.endArray()
    encoder.buffer.member("seq", Int(page.sequence))
    if page.hasMore, let last = page.items.last {
      encoder.buffer.member(
        "cursor",
        ScrollCursor(sequence: page.sequence, generation: snapshot.generation, ordinal: last.ordinal).text)
    }
    encoder.buffer.endObject()
    encoder.endResult()
  }
}

/// Reads what a page shows, row by row, and no more than an answer has room for.
private struct ShownItems {
  private let request: ItemsScrollRequest
  private let sequence: Int64
  private let room: AnswerRoom
  private var count = 0
  private var bytes = 0

  init(_ request: ItemsScrollRequest, at sequence: Int64, _ room: AnswerRoom) {
    (self.request, self.sequence, self.room) = (request, sequence, room)
  }

  /// What is known of rows, until there is one more than the page shows.
  mutating func read(_ rows: [UInt32], _ reader: CatalogueReader) throws -> [ItemDetails?] {
    var found: [ItemDetails?] = []
    for row in rows where count <= request.limit {
      let item = try reader.details(of: CollectionOfOne(row))[0]
      found.append(item)
      guard let item, item.isThere(at: sequence) else { continue }
      count += 1
      guard count <= request.limit, request.withAttributes else { continue }
      bytes += item.record.byteCount
      try room.check(read: bytes)
    }
    return found
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
