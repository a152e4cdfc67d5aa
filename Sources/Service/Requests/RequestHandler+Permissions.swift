import Catalogue
import Evidence
import Foundation
import WireProtocol

extension RequestHandler {
  /// `permissions.put`: a permission is recorded, once.
  func permissionsPut(_ request: PermissionsPutRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let permission = Permission(
      id: request.id ?? UUID().uuidString, member: request.member, work: request.work, item: request.item,
      licensee: request.licensee, uses: request.uses, territories: request.territories, validFrom: request.validFrom,
      validUntil: request.validUntil, grantedAt: request.grantedAt, reference: request.reference)
    let (recording, commit) = try pointing { try editor.perform { try $0.put(permission) } }
    write(permission.id, recording, commit, id, &encoder)
  }

  /// `permissions.revoke`: a revocation is recorded, once.
  func permissionsRevoke(_ request: PermissionsRevokeRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let (recording, commit) = try pointing {
      try editor.perform { try $0.revoke(request.id, at: request.revokedAt, reference: request.reference) }
    }
    write(request.id, recording, commit, id, &encoder)
  }

  private func write(
    _ permission: String, _ recording: CatalogueTransaction.Recording, _ commit: Commit, _ id: RequestID,
    _ encoder: inout AnswerEncoder
  ) {
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("id", permission)
    encoder.buffer.instant("recorded_at", recording.recordedAt)
    encoder.buffer.name("created")
    encoder.buffer.bool(recording.isNew)
    encoder.buffer.member("seq", Int(commit.seq))
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `permissions.list`: the register, a page at a time.
  func permissionsList(_ request: PermissionsListRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    guard let after = request.cursor.map({ Int64($0) }) ?? 0 else {
      throw WireError.invalid("/params/cursor", "not a cursor of an earlier answer")
    }
    let (records, sequence) = try engine.store.read { reader in
      let member = try request.member.map { try number(ofMember: $0, reader) }
      let records = try reader.permissions(
        ofMember: member, licensee: request.licensee, after: after, limit: request.limit + 1)
      return (records, try reader.seq())
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("permissions")
    encoder.buffer.beginArray()
    for record in records.prefix(request.limit) { encoder.buffer.write(record) }
    encoder.buffer.endArray()
    encoder.buffer.member("seq", Int(sequence))
    if records.count > request.limit { encoder.buffer.member("cursor", "\(records[request.limit - 1].number)") }
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `permissions.check`: whether a use of an item, a work or all works of a member is permitted.
  func permissionsCheck(_ request: PermissionsCheckRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let (verdict, sequence) = try engine.store.read { reader in
      let (member, work, key) = try subject(request.subject, reader)
      var judge = try UseJudge(Use(request.use), reader)
      return (try judge.verdict(member: member, work: work, key: key), try reader.seq())
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.permission(verdict)
    encoder.buffer.member("seq", Int(sequence))
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

  /// Lets an error that names something point at the parameter that did.
  private func pointing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch CatalogueError.unknown(let kind, let name) {
      let field = kind == "permission" ? "id" : kind
      throw WireError(
        .notFound, "there is no \(kind) with this id; check its spelling, or register it first",
        pointer: "/params/\(field)", got: name)
    } catch let error as CatalogueError {
      guard case .conflict(_, let reason) = error else { throw error }
      throw WireError(.conflict, "a permission with this id is \(reason)", pointer: "/params/id")
    }
  }
}
