import GRDB

extension CatalogueReader {
  /// A page of permissions with their revocations, in the order of recording.
  ///
  /// A catalogue of format 1 has none.
  ///
  /// - Parameters:
  ///   - member: Only those of the member of this number.
  ///   - licensee: Only those of this licensee.
  ///   - number: The last number of the page before; 0 for the first page.
  ///   - limit: The most permissions to return.
  /// - Returns: At most `limit` permissions; fewer on the last page.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*m* log *n*) for a page of *m*; with a member or licensee, O(*n*) at worst.
  public func permissions(
    ofMember member: UInt32? = nil, licensee: String? = nil, after number: Int64 = 0, limit: Int
  ) throws -> [PermissionRecord] {
    guard try Schema.hasPermissions(db) else { return [] }
    let sql =
      CatalogueReader.permissionSQL + "permission.number > :after"
      + (member == nil ? "" : " AND permission.member = :member")
      + (licensee == nil ? "" : " AND permission.licensee = :licensee")
      + " ORDER BY permission.number LIMIT :limit"
    var arguments: StatementArguments = ["after": number, "limit": max(0, limit)]
    if let member { arguments += ["member": Int64(member)] }
    if let licensee { arguments += ["licensee": licensee] }
    return try records(db.cachedStatement(sql: sql), arguments)
  }

  /// The permission named `id`, or nil if there is none.
  ///
  /// - Complexity: O(log *n*) in permissions.
  public func permission(forID id: String) throws -> PermissionRecord? {
    guard try Schema.hasPermissions(db), !id.utf8.contains(0) else { return nil }
    let statement = try db.cachedStatement(sql: CatalogueReader.permissionSQL + "permission.id = ?")
    return try records(statement, [id]).first
  }

  /// What the register has to say about a licensee's use of exactly one thing: a member, a work, or an item.
  ///
  /// These are the licensee's permissions and, as the sign that there are others, one of somebody else. They are few, however many
  /// licensees a member has.
  ///
  /// - Parameters:
  ///   - licensee: Who uses it.
  ///   - member: The number of the member that the permission names.
  ///   - work: The number of the work that it names; 0 for permissions that name none.
  ///   - item: The key that it names; nil for permissions that name none.
  ///   - known: Only records up to this instant, milliseconds since 1970; nil for all.
  ///   - seq: Only records of commits up to this one; nil for all.
  /// - Returns: The licensee's in the order of recording, then the one with the least id of the others.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*m* log *n*) for *m* permissions of the licensee, and one step for each that was recorded later than `known`.
  public func permissions(
    relevantTo licensee: String, member: UInt32, work: UInt32, item: String?, knownAt known: Int64?,
    upTo seq: Int64? = nil
  ) throws -> [PermissionRecord] {
    guard try Schema.hasPermissions(db) else { return [] }
    let arguments: StatementArguments = [
      Int64(member), Int64(work), item ?? "", known ?? .max, seq ?? .max, licensee,
    ]
    let own = try db.cachedStatement(
      sql: CatalogueReader.scopeSQL + "permission.licensee = ? ORDER BY permission.number")
    let other = try db.cachedStatement(
      sql: CatalogueReader.scopeSQL + "permission.licensee <> ? ORDER BY permission.id LIMIT 1")
    return try records(own, arguments, upTo: seq) + records(other, arguments, upTo: seq)
  }

  /// Whether any permission had been recorded by an instant.
  ///
  /// - Parameters:
  ///   - known: Milliseconds since 1970; nil for now.
  ///   - seq: Only records of commits up to this one; nil for all.
  /// - Returns: Whether there was one.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(1): records are in the order of their recording.
  public func hasPermissions(knownAt known: Int64?, upTo seq: Int64? = nil) throws -> Bool {
    guard try Schema.hasPermissions(db) else { return false }
    let statement = try db.cachedStatement(sql: "SELECT recorded_at, seq FROM permission ORDER BY number LIMIT 1")
    guard let first = try Row.fetchOne(statement) else { return false }
    return first.number(0) <= known ?? .max && first.number(1) <= seq ?? .max
  }

  /// Whether any permission of a member names an item.
  ///
  /// - Complexity: O(log *n*) in permissions.
  public func hasItemPermissions(ofMember member: UInt32) throws -> Bool {
    guard try Schema.hasPermissions(db) else { return false }
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM permission WHERE member = ? AND item IS NOT NULL LIMIT 1")
    return try Row.fetchOne(statement, arguments: [Int64(member)]) != nil
  }

  private static let permissionSQL = """
    SELECT permission.number, permission.id, member.id, work.id, permission.item, permission.licensee, permission.uses,
      permission.territories, permission.valid_from, permission.valid_until, permission.granted_at,
      permission.reference, permission.recorded_at, permission.seq
    FROM permission JOIN member ON member.number = permission.member LEFT JOIN work ON work.number = permission.work
    WHERE\u{20}
    """

  private static let scopeSQL =
    permissionSQL + """
      permission.member = ? AND ifnull(permission.work, 0) = ? AND ifnull(permission.item, '') = ?
        AND permission.recorded_at <= ? AND permission.seq <= ? AND\u{20}
      """

  private func records(
    _ statement: Statement, _ arguments: StatementArguments, upTo seq: Int64? = nil
  ) throws -> [PermissionRecord] {
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    var records: [PermissionRecord] = []
    while let row = try rows.next() {
      let permission = Permission(
        id: row.text(1) ?? "", member: row.text(2) ?? "", work: row.text(3), item: row.text(4),
        licensee: row.text(5) ?? "", uses: row.names(6), territories: row.names(7), validFrom: row.optionalNumber(8),
        validUntil: row.optionalNumber(9), grantedAt: row.number(10), reference: row.text(11))
      records.append(
        PermissionRecord(
          number: row.number(0), permission: permission, recordedAt: row.number(12), seq: row.number(13),
          revocations: try revocations(of: row.number(0), upTo: seq)))
    }
    return records
  }

  private func revocations(of permission: Int64, upTo seq: Int64?) throws -> [PermissionRecord.Revocation] {
    let sql = """
      SELECT revoked_at, recorded_at, reference, seq FROM revocation WHERE permission = ? AND seq <= ? ORDER BY number
      """
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [permission, seq ?? .max])
    var revocations: [PermissionRecord.Revocation] = []
    while let row = try rows.next() {
      revocations.append(
        .init(revokedAt: row.number(0), recordedAt: row.number(1), reference: row.text(2), seq: row.number(3)))
    }
    return revocations
  }
}

extension Row {
  /// The names of a list; none where it is NULL.
  fileprivate func names(_ index: Int) -> [String] {
    text(index)?.split(separator: ",").map(String.init) ?? []
  }
}
