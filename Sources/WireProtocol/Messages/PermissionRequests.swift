/// A use of what is found, to be judged by the register.
public struct UseRequest: Sendable {
  /// Who uses it.
  public var licensee: String
  /// What for.
  public var use: String
  /// Where: a code of ISO 3166-1, or `worldwide`.
  public var territory: String
  /// When it happens: milliseconds since 1970, UTC.
  public var at: Int64
  /// The moment whose knowledge counts; nil for all that is recorded.
  public var asKnownAt: Int64?
}

/// A permission to be recorded.
public struct PermissionsPutRequest: Sendable {
  /// The permission's id; the engine's choice unless given.
  public var id: String?
  /// Whose works it is for.
  public var member = ""
  /// The one work that it is for.
  public var work: String?
  /// The key of the one item that it is for.
  public var item: String?
  /// Who is permitted something.
  public var licensee = ""
  /// What is permitted.
  public var uses: [String] = []
  /// Where: codes of ISO 3166-1; none is worldwide.
  public var territories: [String] = []
  /// The first instant that is covered: milliseconds since 1970, UTC.
  public var validFrom: Int64?
  /// The first instant that is no longer covered.
  public var validUntil: Int64?
  /// When it was given.
  public var grantedAt: Int64 = 0
  /// Where to find the contract.
  public var reference: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// A revocation to be recorded.
public struct PermissionsRevokeRequest: Sendable {
  /// The permission's id.
  public var id: String
  /// From when on it covers nothing: milliseconds since 1970, UTC.
  public var revokedAt: Int64
  /// Where to find the letter.
  public var reference: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// A page of permissions.
public struct PermissionsListRequest: Sendable {
  /// Only those of this member.
  public var member: String?
  /// Only those of this licensee.
  public var licensee: String?
  /// How many at most.
  public var limit = 1000
  /// Where an earlier answer stopped.
  public var cursor: String?
}

/// A question whether a use is permitted.
public struct PermissionsCheckRequest: Sendable {
  /// What is used.
  public enum Subject: Sendable {
    /// An item, by key.
    case key(String)
    /// All works of a member, or one of them.
    case member(String, work: String?)
  }

  /// What is used.
  public var subject: Subject
  /// How it is used.
  public var use: UseRequest
}
