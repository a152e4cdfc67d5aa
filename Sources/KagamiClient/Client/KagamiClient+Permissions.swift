/// The register of permissions.
extension KagamiClient {
  /// Records a permission.
  ///
  /// The same one put again under its id changes nothing, so that it may be sent twice.
  public func put(_ permission: Permission) async throws -> RecordingAnswer {
    try await call("permissions.put", permission, returning: RecordingAnswer.self)
  }

  /// Records that a permission covers nothing from a time on.
  ///
  /// - Parameters:
  ///   - permission: Its id.
  ///   - time: In UTC: `2025-09-01T00:00:00Z`, or a date for its first instant.
  ///   - reference: Where to find the letter.
  /// - Returns: When it was recorded.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func revoke(
    permission: String, from time: String, reference: String? = nil
  ) async throws -> RecordingAnswer {
    let parameters = RevokeParameters(id: permission, revoked_at: time, reference: reference)
    return try await call("permissions.revoke", parameters, returning: RecordingAnswer.self)
  }

  /// A page of the permissions, of one member or licensee if you say so.
  public func permissions(
    member: String? = nil, licensee: String? = nil, limit: Int? = nil, after cursor: String? = nil
  ) async throws -> PermissionsPage {
    let parameters = PageParameters(limit: limit, cursor: cursor, member: member, licensee: licensee)
    return try await call("permissions.list", parameters, returning: PermissionsPage.self)
  }

  /// Whether a use of an item is permitted.
  public func isPermitted(_ use: UseOptions, ofItem key: String) async throws -> HitPermission {
    try await check(CheckParameters(key: key, use: use))
  }

  /// Whether a use of a work, or of all works of a member, is permitted.
  public func isPermitted(
    _ use: UseOptions, ofMember member: String, work: String? = nil
  ) async throws -> HitPermission {
    try await check(CheckParameters(member: member, work: work, use: use))
  }

  private func check(_ parameters: CheckParameters) async throws -> HitPermission {
    try await call("permissions.check", parameters, returning: CheckAnswer.self).permission
  }
}

// The names are those of the wire.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct RevokeParameters: Encodable {
  let id: String
  let revoked_at: String
  let reference: String?
}

private struct CheckParameters: Encodable {
  var key: String?
  var member: String?
  var work: String?
  let use: UseOptions
}

private struct CheckAnswer: Decodable {
  let permission: HitPermission
}
