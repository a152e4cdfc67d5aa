import Catalogue
import Evidence
import WireProtocol

extension ByteBuffer {
  /// Writes what the register says about a use, as the member `permission`.
  mutating func permission(_ verdict: PermissionVerdict) {
    name("permission")
    beginObject()
    switch verdict {
    case .permitted(let id):
      member("status", "permitted")
      member("id", id)
    case .notPermitted(let reason, let id):
      member("status", "not_permitted")
      member("reason", reason.rawValue)
      member("id", id)
    }
    endObject()
  }

  /// Writes a permission with its revocations.
  mutating func write(_ record: PermissionRecord) {
    let permission = record.permission
    beginObject()
    member("id", permission.id)
    member("scope", permission.scope.rawValue)
    member("member", permission.member)
    member("work", permission.work)
    member("item", permission.item)
    member("licensee", permission.licensee)
    list("uses", permission.uses)
    list("territories", permission.territories.isEmpty ? ["worldwide"] : permission.territories)
    instant("valid_from", permission.validFrom)
    instant("valid_until", permission.validUntil)
    instant("granted_at", permission.grantedAt)
    instant("recorded_at", record.recordedAt)
    member("reference", permission.reference)
    member("seq", Int(record.seq))
    if !record.revocations.isEmpty {
      name("revocations")
      beginArray()
      for revocation in record.revocations { write(revocation) }
      endArray()
    }
    endObject()
  }

  /// Writes an instant, or nothing where there is none.
  mutating func instant(_ field: StaticString, _ milliseconds: Int64?) {
    member(field, milliseconds.map(Timestamp.text(of:)))
  }

  private mutating func write(_ revocation: PermissionRecord.Revocation) {
    beginObject()
    instant("revoked_at", revocation.revokedAt)
    instant("recorded_at", revocation.recordedAt)
    member("reference", revocation.reference)
    member("seq", Int(revocation.seq))
    endObject()
  }
}
