import Catalogue
import Foundation
import WireProtocol

extension Edit {
  /// `permissions.put`: a permission is recorded, once.
  static func put(_ request: PermissionsPutRequest) -> Edit {
    let permission = Permission(
      id: request.id ?? UUID().uuidString, member: request.member, work: request.work, item: request.item,
      licensee: request.licensee, uses: request.uses, territories: request.territories, validFrom: request.validFrom,
      validUntil: request.validUntil, grantedAt: request.grantedAt, reference: request.reference)
    return Edit { transaction in
      recorded(permission.id, try pointing { try transaction.records.put(permission) })
    }
  }

  /// `permissions.revoke`: a revocation is recorded, once.
  static func revoke(_ request: PermissionsRevokeRequest) -> Edit {
    Edit { transaction in
      let recording = try pointing {
        try transaction.records.revoke(request.id, at: request.revokedAt, reference: request.reference)
      }
      return recorded(request.id, recording)
    }
  }

  private static func recorded(_ permission: String, _ recording: CatalogueTransaction.Recording) -> Answer {
    { buffer in
      buffer.member("id", permission)
      buffer.instant("recorded_at", recording.recordedAt)
      buffer.name("created")
      buffer.bool(recording.isNew)
    }
  }

  /// Lets an error that names something point at the parameter that did.
  private static func pointing<Value>(_ body: () throws -> Value) throws -> Value {
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
