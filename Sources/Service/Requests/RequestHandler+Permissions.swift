import Catalogue
import Evidence
import Foundation
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `permissions.list`: the register, a page at a time.
  func permissionsList(_ request: PermissionsListRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    guard let after = request.cursor.map({ Int64($0) }) ?? 0 else {
      throw WireError.invalid("/params/cursor", "not a cursor of an earlier answer")
    }
    let (snapshot, _, records) = try engine.readTogether { reader in
      let member = try request.member.map { try number(ofMember: $0, reader) }
      return try reader.permissions(
        ofMember: member, licensee: request.licensee, after: after, limit: request.limit + 1)
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("permissions")
    encoder.buffer.beginArray()
    for record in records.prefix(request.limit) { encoder.buffer.write(record) }
    encoder.buffer.endArray()
    encoder.buffer.member("seq", Int(snapshot.sequence))
    if records.count > request.limit { encoder.buffer.member("cursor", "\(records[request.limit - 1].number)") }
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `permissions.check`: whether a use of an item, a work or all works of a member is permitted.
  func permissionsCheck(_ request: PermissionsCheckRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let (snapshot, _, verdict) = try engine.readTogether { reader in
      let (member, work, key) = try subject(request.subject, reader)
      let judge = try UseJudge(Use(request.use), reader)
      return try judge.verdict(member: member, work: work, key: key)
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.permission(verdict)
    encoder.buffer.member("seq", Int(snapshot.sequence))
    encoder.buffer.endObject()
    encoder.endResult()
  }

  private func subject(
    _ subject: PermissionsCheckRequest.Subject, _ reader: CatalogueReader
  ) throws -> (member: UInt32, work: UInt32, key: String?) {
    switch subject {
    case .key(let key):
      guard let numbers = try reader.itemNumbers(forKey: key) else {
        throw WireError(.notFound, "there is no item with this key", pointer: "/params/key", got: key)
      }
      return (numbers.member, numbers.work, key)
    case .member(let id, let work):
      let member = try number(ofMember: id, reader)
      guard let work else { return (member, 0, nil) }
      guard let number = try reader.workNumber(forID: work, ofMember: member) else {
        throw WireError(.notFound, "the member has no work with this id", pointer: "/params/work", got: work)
      }
      return (member, number, nil)
    }
  }
}
