/// A member of the register.
public struct Member: Sendable, Hashable, Codable {
  /// Its id.
  public var member: String
  /// Its name; left as it is unless given.
  public var name: String?
  /// How it can be reached; left as it is unless given.
  public var contact: String?
  /// When it joined, in ISO 8601; left as it is unless given.
  public var joinedAt: String?
  /// How many works it has; told by the engine.
  public var works: Int?
  /// How many items it has; told by the engine.
  public var items: Int?

  private enum CodingKeys: String, CodingKey {
    case member, name, contact, works, items
    case joinedAt = "joined_at"
  }

  /// Describes a member.
  public init(_ member: String, name: String? = nil, contact: String? = nil, joinedAt: String? = nil) {
    (self.member, self.name, self.contact, self.joinedAt) = (member, name, contact, joinedAt)
  }

  /// Writes what a caller may say.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(member, forKey: .member)
    try fields.encodeIfPresent(name, forKey: .name)
    try fields.encodeIfPresent(contact, forKey: .contact)
    try fields.encodeIfPresent(joinedAt, forKey: .joinedAt)
  }
}

/// A work of a member.
public struct Work: Sendable, Hashable, Codable {
  /// Its member's id.
  public var member: String
  /// Its id within the member.
  public var work: String
  /// Its title; left as it is unless given.
  public var title: String?
  /// What sort of work it is; left as it is unless given.
  public var kind: String?
  /// When it was first published; left as it is unless given.
  public var firstPublished: String?
  /// Whatever else there is to say of it; left as it is unless given.
  public var attributes: [String: JSONValue]?
  /// How many items it has; told by the engine.
  public var items: Int?

  private enum CodingKeys: String, CodingKey {
    case member, work, title, kind, attributes, items
    case firstPublished = "first_published"
  }

  /// Describes a work.
  public init(_ work: String, of member: String, title: String? = nil, kind: String? = nil) {
    (self.member, self.work, self.title, self.kind) = (member, work, title, kind)
  }

  /// Writes what a caller may say.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(member, forKey: .member)
    try fields.encode(work, forKey: .work)
    try fields.encodeIfPresent(title, forKey: .title)
    try fields.encodeIfPresent(kind, forKey: .kind)
    try fields.encodeIfPresent(firstPublished, forKey: .firstPublished)
    try fields.encodeIfPresent(attributes, forKey: .attributes)
  }
}

/// A page of members.
public struct MembersPage: Sendable, Hashable, Decodable {
  /// The members.
  public var members: [Member]
  /// The revision that it shows.
  public var seq: Int
  /// Where the next page begins; nil on the last one.
  public var cursor: String?
}

/// A page of works.
public struct WorksPage: Sendable, Hashable, Decodable {
  /// The works.
  public var works: [Work]
  /// The revision that it shows.
  public var seq: Int
  /// Where the next page begins; nil on the last one.
  public var cursor: String?
}
