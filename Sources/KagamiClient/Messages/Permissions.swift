/// A permission of the register.
public struct Permission: Sendable, Hashable, Codable {
  /// What it is called; the engine's choice unless given.
  public var id: String?
  /// Whose works it is for.
  public var member: String
  /// The one work that it is for; all unless given.
  public var work: String?
  /// The key of the one item that it is for; all unless given.
  public var item: String?
  /// Who is permitted something.
  public var licensee: String
  /// What is permitted: `training`, `generation`, `display`, `distribution` or other names.
  public var uses: [String]
  /// Where: codes of ISO 3166-1; worldwide unless given.
  public var territories: [String]?
  /// The first instant that is covered, in UTC.
  public var validFrom: String?
  /// The first instant that is not any more.
  public var validUntil: String?
  /// When it was given; no earlier use is covered.
  public var grantedAt: String
  /// Where to find the contract.
  public var reference: String?

  private enum CodingKeys: String, CodingKey {
    case id, member, work, item, licensee, uses, territories, reference
    case validFrom = "valid_from"
    case validUntil = "valid_until"
    case grantedAt = "granted_at"
  }

  /// Describes a permission; everything else is set afterwards.
  public init(member: String, licensee: String, uses: [String], grantedAt: String) {
    (self.member, self.licensee, self.uses, self.grantedAt) = (member, licensee, uses, grantedAt)
  }
}

/// A permission or a revocation that is recorded.
public struct RecordingAnswer: Sendable, Hashable, Decodable {
  /// The permission's id.
  public var id: String
  /// When it was recorded, first.
  public var recordedAt: String
  /// Whether it was not there before.
  public var created: Bool
  /// The transaction that holds it.
  public var seq: Int

  private enum CodingKeys: String, CodingKey {
    case id, created, seq
    case recordedAt = "recorded_at"
  }
}

/// A page of permissions.
public struct PermissionsPage: Sendable, Hashable, Decodable {
  /// The permissions, in the order of recording.
  public var permissions: [Permission]
  /// The revision that it shows.
  public var seq: Int
  /// Where the next page begins; nil on the last one.
  public var cursor: String?
}
