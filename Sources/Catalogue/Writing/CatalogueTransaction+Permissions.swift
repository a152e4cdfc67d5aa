import GRDB

extension CatalogueTransaction {
  /// What became of a permission or a revocation that was to be recorded.
  public struct Recording: Hashable, Sendable {
    /// When the register learnt of it: now, or before where it was there already.
    public let recordedAt: Int64
    /// Whether it is new.
    public let isNew: Bool
  }

  /// Records a permission.
  ///
  /// A permission with the same id and content is there already and stays as it is.
  ///
  /// - Throws: ``CatalogueError``, among them `unknown` (a member or work), `conflict` (the id has another content) and `invalid`.
  /// - Complexity: O(log *n*) in permissions.
  public func put(_ permission: Permission) throws -> Recording {
    try spoilingOnError {
      if let objection = permission.objection { throw objection }
      let member = try number(of: permission.member)
      let work = try permission.work.map { try number(ofWork: $0, member: member, permission.member) }
      let values: [(any DatabaseValueConvertible)?] = [
        permission.id, permission.scope.rawValue, member, work, permission.item, permission.licensee,
        Permission.list(permission.uses), Permission.list(permission.territories), permission.validFrom,
        permission.validUntil, permission.grantedAt, permission.reference,
      ]
      let search = try db.cachedStatement(sql: CatalogueTransaction.searchSQL)
      if let known = try Row.fetchOne(search, arguments: [permission.id]) {
        guard values.indices.allSatisfy({ known.value($0 + 1).isIdentical(to: values[$0]) }) else {
          throw CatalogueError.conflict(
            subject: "permission \(permission.id)",
            reason: "recorded with other terms; permissions are never edited, so revoke it and record a new one")
        }
        return Recording(recordedAt: known.number(0), isNew: false)
      }
      let recordedAt = recordingTime()
      try db.cachedStatement(sql: CatalogueTransaction.permissionSQL)
        .execute(arguments: StatementArguments([state.nextPermission] + values + [recordedAt, seq]))
      state.nextPermission += 1
      return Recording(recordedAt: recordedAt, isNew: true)
    }
  }

  /// Records that a permission covers nothing from an instant on.
  ///
  /// The same revocation is recorded once. A permission may have several; the earliest counts.
  ///
  /// - Parameters:
  ///   - id: The permission's.
  ///   - revokedAt: Milliseconds since 1970, UTC.
  ///   - reference: Where to find the letter.
  /// - Returns: When it was recorded, and whether just now.
  /// - Throws: ``CatalogueError``, among them `unknown` where there is no such permission.
  /// - Complexity: O(log *n*) in permissions.
  public func revoke(_ id: String, at revokedAt: Int64, reference: String? = nil) throws -> Recording {
    try spoilingOnError {
      guard !(reference?.utf8.contains(0) ?? false) else {
        throw CatalogueError.invalid(subject: "revocation of \(id)", reason: "reference contains U+0000")
      }
      let search = try db.cachedStatement(sql: "SELECT number FROM permission WHERE id = ?")
      guard let permission = try Row.fetchOne(search, arguments: [id])?.number(0) else {
        throw CatalogueError.unknown(kind: "permission", id: id)
      }
      let known = try db.cachedStatement(
        sql: "SELECT recorded_at FROM revocation WHERE permission = ? AND revoked_at = ? AND reference IS ?")
      if let row = try Row.fetchOne(known, arguments: [permission, revokedAt, reference]) {
        return Recording(recordedAt: row.number(0), isNew: false)
      }
      let recordedAt = recordingTime()
      try db.cachedStatement(sql: CatalogueTransaction.revocationSQL)
        .execute(arguments: [state.nextRevocation, permission, revokedAt, recordedAt, reference, seq])
      state.nextRevocation += 1
      return Recording(recordedAt: recordedAt, isNew: true)
    }
  }

  /// Now, or the time of the last record where the clock went backwards since: knowledge keeps its order.
  private func recordingTime() -> Int64 {
    state.lastRecording = max(now(), state.lastRecording)
    hasOtherChanges = true
    return state.lastRecording
  }

  private func number(of member: String) throws -> Int64 {
    let search = try db.cachedStatement(sql: "SELECT number FROM member WHERE id = ?")
    guard let row = try Row.fetchOne(search, arguments: [member]) else {
      throw CatalogueError.unknown(kind: "member", id: member)
    }
    return row.number(0)
  }

  private func number(ofWork work: String, member: Int64, _ id: String) throws -> Int64 {
    let search = try db.cachedStatement(sql: "SELECT number FROM work WHERE ifnull(member, 0) = ? AND id = ?")
    guard let row = try Row.fetchOne(search, arguments: [member, work]) else {
      throw CatalogueError.unknown(kind: "work", id: work)
    }
    return row.number(0)
  }

  private static let searchSQL = """
    SELECT recorded_at, id, scope, member, work, item, licensee, uses, territories, valid_from, valid_until, granted_at,
      reference
    FROM permission WHERE id = ?
    """

  private static let revocationSQL = """
    INSERT INTO revocation (number, permission, revoked_at, recorded_at, reference, seq) VALUES (?, ?, ?, ?, ?, ?)
    """

  private static let permissionSQL = """
    INSERT INTO permission (number, id, scope, member, work, item, licensee, uses, territories, valid_from, valid_until,
      granted_at, reference, recorded_at, seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
}

extension DatabaseValue.Storage {
  /// Whether a stored value is another one, texts compared by bytes.
  fileprivate func isIdentical(to value: (any DatabaseValueConvertible)?) -> Bool {
    switch (self, value?.databaseValue.storage ?? .null) {
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.int64(let a), .int64(let b)): a == b
    case (.null, .null): true
    default: false
    }
  }
}
