import Catalogue
import VectorIndex
import WireProtocol

/// Writes hits as callers see them.
struct HitWriter {
  private let context: QueryContext
  private let engine: Engine
  private let options: QueryOptions
  /// What the register says of the hits, where that was asked for.
  private var verdicts: UseVerdicts?

  init(_ context: QueryContext, _ engine: Engine, _ options: QueryOptions, _ verdicts: UseVerdicts? = nil) {
    self.context = context
    self.engine = engine
    self.options = options
    self.verdicts = verdicts
  }

  /// Asks the register about all hits of an answer at once, if the request names a use.
  ///
  /// - Throws: `CatalogueError`.
  mutating func judge(_ hits: @autoclosure () -> some Sequence<Neighbor>) throws {
    guard let use = options.use else { return }
    verdicts = try UseVerdicts(of: use, on: hits().lazy.map(\.ordinal), context.snapshot, engine)
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
  /// - Throws: `IndexError.damaged` where a row turns out to be none.
  func list(_ hits: [Neighbor], to encoder: inout AnswerEncoder) throws {
    try context.checkRows(of: hits, engine)
    guard options.withAttributes else {
      for hit in hits { write(hit, nil, to: &encoder) }
      return
    }
    let details = try engine.read(for: context.snapshot) { try $0.details(of: hits.lazy.map(\.ordinal)) }
    for (hit, details) in zip(hits, details) { write(hit, details?.record, to: &encoder) }
  }

  private func write(_ hit: Neighbor, _ record: ItemRecord?, to encoder: inout AnswerEncoder) {
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
