import Catalogue
import Foundation
import VectorIndex
import WireProtocol

extension Edit {
  /// `items.upsert`: items with their rows, in place of those with the same keys.
  ///
  /// - Parameters:
  ///   - request: What to store.
  ///   - vectors: The matrix that came beside the items; kept until the edit is done.
  ///   - limits: What names must keep to.
  /// - Returns: The edit.
  static func upsert(_ request: ItemsUpsertRequest, _ vectors: VectorBuffer, limits: Limits = Limits()) -> Edit {
    let operation = request.operation.map { Edit.Operation(id: $0, request: RequestContent(request, vectors).text) }
    return Edit(operation: operation) { transaction in
      var batch = UpsertBatch(request, limits, transaction)
      try batch.accept(vectors)
      let tally = try transaction.append(batch.accepted)
      let (failures, duplicates, repeats) = (batch.failures, batch.duplicates, batch.repeats)
      return { buffer in
        buffer.member("upserted", tally.appended - repeats)
        // Among the rows that were superseded in this transaction are those of edits that share it.
        buffer.member("replaced", tally.replaced + tally.superseded - repeats)
        buffer.name("failures")
        buffer.beginArray()
        for failure in failures { buffer.write(failure) }
        buffer.endArray()
        guard !duplicates.isEmpty else { return }
        buffer.list("duplicates", duplicates)
      }
    }
  }

  /// `items.remove`: items by key or by what they are.
  static func remove(_ request: ItemsRemoveRequest) -> Edit {
    let operation = request.operation.map { Edit.Operation(id: $0, request: RequestContent(request).text) }
    return Edit(operation: operation, looksFirst: request.filter != nil) { transaction in
      if let keys = request.keys {
        var seen = Set<[UInt8]>()
        let unique = keys.filter { seen.insert(Array($0.utf8)).inserted }
        let removed = try unique.filter { try !transaction.records.remove([$0]).isEmpty }
        return receipt(removed, missing: unique.count - removed.count)
      }
      let (engine, snapshot) = (transaction.engine, transaction.snapshot)
      let rows = try engine.searchFilter(for: request.filter, in: snapshot)?.allowed ?? snapshot.live
      let count = rows.population
      guard count < snapshot.liveCount || count == 0 || request.isConfirmed else {
        throw WireError(
          .invalidParams, "the filter matches every item (\(count)); send confirm: true to remove them all",
          pointer: "/params/filter", got: "\(count)")
      }
      return receipt(try transaction.records.remove(rows: rows.ordinals), missing: 0)
    }
  }

  /// What a takedown is proved by: which keys went, and when.
  static func receipt(_ keys: [String], missing: Int? = nil) -> Answer {
    let time = Date().formatted(.iso8601)
    return { buffer in
      buffer.member("removed", keys.count)
      if let missing { buffer.member("missing", missing) }
      buffer.list("keys", keys)
      buffer.member("time", time)
    }
  }
}

/// Checks the items of one `items.upsert` and encodes their rows.
private struct UpsertBatch {
  /// An item that is not stored.
  struct Failure: Sendable {
    let index: Int
    let key: String
    let error: WireError
  }

  private(set) var accepted: AcceptedItems
  private(set) var failures: [Failure] = []
  /// Keys that stand several times in the request; the last one stays.
  private(set) var duplicates: [String] = []
  /// How many of the accepted items give way to a later one of their key in the same request.
  var repeats: Int {
    duplicates.isEmpty ? 0 : accepted.records.count - Set(accepted.records.map { Array($0.key.utf8) }).count
  }
  private let request: ItemsUpsertRequest
  private let limits: Limits
  private let transaction: EditTransaction

  init(_ request: ItemsUpsertRequest, _ limits: Limits, _ transaction: EditTransaction) {
    (self.request, self.limits, self.transaction) = (request, limits, transaction)
    let snapshot = transaction.snapshot
    accepted = AcceptedItems(rows: EncodedRows(layout: snapshot.rows.layout, metric: snapshot.metric))
  }

  /// Accepts what can be stored.
  ///
  /// - Throws: The first failure, where one refuses all.
  mutating func accept(_ vectors: VectorBuffer) throws {
    var seen: [[UInt8]: Int] = [:]
    for (index, item) in request.items.enumerated() {
      do throws(WireError) {
        try checkNames(item, at: "/params/items/\(index)")
        try encode(item, index, vectors)
        seen[Array(item.key.utf8), default: 0] += 1
      } catch {
        guard !request.isAtomic else { throw error }
        failures.append(Failure(index: index, key: item.key, error: error))
      }
    }
    if request.isStrict { try checkRegister() }
    duplicates = seen.filter { $0.value > 1 }.keys.map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  private func checkNames(_ item: ItemEdit, at pointer: String) throws(WireError) {
    for (field, name) in [("key", item.key), ("member", item.member), ("work", item.work)] {
      guard let name else { continue }
      guard !name.isEmpty else { throw .invalid("\(pointer)/\(field)", "expected a name that is not empty") }
      guard name.utf8.count <= limits.nameBytes else {
        throw WireError(
          .tooLarge, "a \(field) has at most \(limits.nameBytes) bytes", pointer: "\(pointer)/\(field)",
          limit: limits.nameBytes, got: "\(name.utf8.count) bytes")
      }
    }
    if item.work != nil, item.member == nil {
      throw .invalid("\(pointer)/member", "a work belongs to a member; name it")
    }
  }

  private mutating func encode(_ item: ItemEdit, _ index: Int, _ vectors: VectorBuffer) throws(WireError) {
    let pointer = item.vector == nil ? "/params/vectors/\(index)" : "/params/items/\(index)/vector"
    let isUnscaled = item.vector == nil ? vectors.isUnscaledInteger : item.isUnscaledInteger
    guard !isUnscaled || accepted.rows.metric == .cosine else {
      throw .invalid(pointer, "i8 needs a scale under metric \(accepted.rows.metric.rawValue), where length counts")
    }
    do throws(RowRefusal) {
      if let vector = item.vector {
        try accepted.rows.append(vector.span)
      } else {
        try vectors.withNumbers { numbers throws(RowRefusal) in
          try accepted.rows.append(
            numbers.extracting(index * vectors.dimension..<(index + 1) * vectors.dimension))
        }
      }
    } catch {
      throw .invalid(pointer, error.description)
    }
    let record = ItemRecord(item, checksum: accepted.rows.checksums[accepted.rows.count - 1])
    if let objection = record.objection {
      accepted.rows.removeLast()
      throw .invalid("/params/items/\(index)", objection.description)
    }
    accepted.records.append(record)
    accepted.places.append(index)
  }

  /// Refuses items of members and works that do not exist.
  private mutating func checkRegister() throws {
    var kept = AcceptedItems(rows: EncodedRows(layout: accepted.rows.layout, metric: accepted.rows.metric))
    for (place, record) in accepted.records.enumerated() {
      let index = accepted.places[place]
      guard try transaction.records.exists(member: record.member, work: record.work) else {
        let isMember = try !transaction.records.exists(member: record.member, work: nil)
        let error = WireError(
          .notFound, "there is no such \(isMember ? "member" : "work"); put it first, or leave strict out",
          pointer: "/params/items/\(index)/\(isMember ? "member" : "work")",
          got: isMember ? record.member : record.work)
        guard !request.isAtomic else { throw error }
        failures.append(Failure(index: index, key: record.key, error: error))
        continue
      }
      kept.rows.append(place, of: accepted.rows)
      kept.records.append(record)
      kept.places.append(index)
    }
    accepted = kept
    failures.sort { $0.index < $1.index }
  }
}

extension ItemRecord {
  /// An item as a request describes it, with the checksum of its row.
  fileprivate init(_ item: ItemEdit, checksum: UInt32) {
    let timecode: Timecode? =
      switch item.timecode {
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case nil: nil
      }
    self.init(
      key: item.key, member: item.member, work: item.work, kind: item.kind, title: item.title, source: item.source,
      timecode: timecode, attributes: item.attributes, checksum: checksum)
  }
}

extension ByteBuffer {
  fileprivate mutating func write(_ failure: UpsertBatch.Failure) {
    beginObject()
    member("index", failure.index)
    member("key", failure.key)
    member("kind", failure.error.kind.rawValue)
    member("pointer", failure.error.pointer)
    member("message", failure.error.message)
    endObject()
  }

  /// Writes a member that is a list of texts.
  mutating func list(_ field: StaticString, _ texts: [String]) {
    name(field)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }
}
