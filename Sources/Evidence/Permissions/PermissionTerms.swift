/// What a recorded permission allows, to whom, where and when, and how it was revoked.
///
/// Whose works it is for is not part of it: the rule is given the permissions that apply to an item. Instants are whole milliseconds since
/// 1970, UTC.
public struct PermissionTerms: Hashable, Sendable {
  /// The end of a permission, a record of its own.
  public struct Revocation: Hashable, Sendable {
    /// From when on the permission covers nothing.
    public var revokedAt: Int64
    /// When the register learnt of it.
    public var recordedAt: Int64

    /// A revocation.
    public init(revokedAt: Int64, recordedAt: Int64) {
      self.revokedAt = revokedAt
      self.recordedAt = recordedAt
    }
  }

  /// The register's id.
  public var id: String
  /// Who is permitted something.
  public var licensee: String
  /// What is permitted.
  public var uses: [String]
  /// Where: codes of ISO 3166-1; none is worldwide.
  public var territories: [String]
  /// The first instant that is covered; nil for no beginning.
  public var validFrom: Int64?
  /// The first instant that is no longer covered; nil for no end.
  public var validUntil: Int64?
  /// When the permission was given.
  public var grantedAt: Int64
  /// When the register learnt of it.
  public var recordedAt: Int64
  /// Its revocations, in any order.
  public var revocations: [Revocation]

  /// The terms of a permission.
  public init(
    id: String, licensee: String, uses: [String], territories: [String] = [], validFrom: Int64? = nil,
    validUntil: Int64? = nil, grantedAt: Int64, recordedAt: Int64, revocations: [Revocation] = []
  ) {
    self.id = id
    self.licensee = licensee
    self.uses = uses
    self.territories = territories
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.grantedAt = grantedAt
    self.recordedAt = recordedAt
    self.revocations = revocations
  }
}
