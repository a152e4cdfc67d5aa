/// A use of what is found, to be judged by the register of permissions.
public struct UseOptions: Sendable, Hashable, Encodable {
  /// Who uses it.
  public var licensee: String
  /// What for: `training`, `generation`, `display`, `distribution` or another name.
  public var use: String
  /// Where: a code of ISO 3166-1, or `worldwide`.
  public var territory: String
  /// When, in UTC: `2025-03-01T00:00:00Z`, or a date for its first instant.
  public var at: String
  /// The moment whose knowledge counts; all that is recorded unless given.
  public var asKnownAt: String?

  private enum CodingKeys: String, CodingKey {
    case licensee, use, territory, at
    case asKnownAt = "as_known_at"
  }

  /// Describes a use.
  public init(licensee: String, use: String, territory: String, at: String, asKnownAt: String? = nil) {
    self.licensee = licensee
    self.use = use
    self.territory = territory
    self.at = at
    self.asKnownAt = asKnownAt
  }
}

/// What the register says about the use of a hit.
public struct HitPermission: Sendable, Hashable, Decodable {
  /// `permitted` or `not_permitted`.
  public var status: String
  /// Why not: the nearest reason.
  public var reason: String?
  /// The permission that covers the use, or the one that came nearest.
  public var id: String?

  /// Whether a recorded permission covers the use.
  public var isPermitted: Bool { status == "permitted" }

  /// Describes a verdict.
  public init(status: String, reason: String? = nil, id: String? = nil) {
    self.status = status
    self.reason = reason
    self.id = id
  }
}
