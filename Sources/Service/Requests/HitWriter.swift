import Catalogue
import VectorIndex
import WireProtocol

/// Writes hits as callers see them.
struct HitWriter {
  private let context: QueryContext
  private let engine: Engine
  private let options: QueryOptions
  private let room: AnswerRoom
  /// What the register says of the hits, where that was asked for.
  private var verdicts: UseVerdicts?

  init(
    _ context: QueryContext, _ engine: Engine, _ options: QueryOptions, _ room: AnswerRoom,
    _ verdicts: UseVerdicts? = nil
  ) {
    self.context = context
    self.engine = engine
    self.options = options
    self.room = room
    self.verdicts = verdicts
  }

  /// Asks the register about all hits of an answer at once, if the request names a use.
  ///
  /// - Throws: `CatalogueError`.
  mutating func judge(_ hits: @autoclosure () -> some Sequence<Neighbor>) throws {
    guard let use = options.use else { return }
    verdicts = try UseVerdicts(of: use, on: hits().lazy.map(\.ordinal), context.snapshot, engine)
  }

  /// Refuses hits whose vectors would make the answer too long, before any is written.
  ///
  /// - Throws: `too_large`.
  func checkVectors(of count: Int) throws(WireError) {
    guard options.withVectors else { return }
    try room.check(vectors: count, of: context.snapshot.rows.layout.dimension, fewer: "hits")
  }

  /// Writes the entry of one vector.
  func write(hits: [Neighbor], to encoder: inout AnswerEncoder) throws {
    encoder.beginHits()
    try list(hits, to: &encoder)
    encoder.endHits()
  }

  /// Writes the entry of one vector, gathered by work.
  func write(groups: [NeighborGroup], to encoder: inout AnswerEncoder) throws {
    encoder.beginGroups()
    for group in groups {
      encoder.beginGroup()
      if let work = group.group {
        context.names.works.withBytes(of: work) { encoder.work($0) }
        context.names.members.withBytes(of: context.names.owner(ofWork: work)) { encoder.member($0) }
      }
      encoder.beginGroupHits(score: group.best[0].score, count: group.count)
      try list(group.best, to: &encoder)
      encoder.endGroup()
    }
    encoder.endGroups()
  }

  /// Writes hits, without what stands around them.
  ///
  /// - Throws: `too_large` where the answer has no room for them; `IndexError.damaged` where a row turns out to be none.
  func list(_ hits: [Neighbor], to encoder: inout AnswerEncoder) throws {
    try context.checkRows(of: hits, engine)
    guard options.withAttributes else {
      for hit in hits { try write(hit, nil, to: &encoder) }
      return
    }
    for (hit, record) in zip(hits, try records(of: hits)) { try write(hit, record, to: &encoder) }
  }

  /// What is known of the items, as long as the answer has room for it.
  private func records(of hits: [Neighbor]) throws -> [ItemRecord?] {
    try engine.read(for: context.snapshot) { reader in
      var bytes = 0
      return try hits.map { hit in
        let record = try reader.details(of: CollectionOfOne(hit.ordinal))[0]?.record
        bytes += record?.byteCount ?? 0
        try room.check(read: bytes)
        return record
      }
    }
  }

  private func write(_ hit: Neighbor, _ record: ItemRecord?, to encoder: inout AnswerEncoder) throws(WireError) {
    try room.check(written: encoder.buffer.count)
    let snapshot = context.snapshot
    snapshot.keys.withBytes(of: hit.ordinal) { encoder.beginHit(key: $0, score: hit.score) }
    let member = snapshot.members[hit.ordinal]
    if member != 0 { context.names.members.withBytes(of: member) { encoder.member($0) } }
    if let work = snapshot.works.group(of: hit.ordinal) { context.names.works.withBytes(of: work) { encoder.work($0) } }
    if let record { encoder.buffer.details(of: record) }
    if let verdict = verdicts?[hit.ordinal] { encoder.buffer.permission(verdict) }
    if options.withVectors { encoder.vector(snapshot.rows.row(Ordinal(hit.ordinal)).span) }
    encoder.endHit()
  }
}

extension ByteBuffer {
  /// Writes what is known about an item beside its key, member and work.
  mutating func details(of record: ItemRecord) {
    member("kind", record.kind)
    member("title", record.title)
    member("source", record.source)
    switch record.timecode {
    case .number(let number):
      name("timecode")
      self.number(number)
    case .text(let text): member("timecode", text)
    case nil: break
    }
    member("attributes", json: record.attributes)
  }
}
