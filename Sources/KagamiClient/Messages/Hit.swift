/// One item that a search found.
public struct Hit: Sendable, Hashable {
  /// The item's key.
  public var key: String
  /// How similar it is; larger is more similar.
  public var score: Float
  /// Whose work it shows, where the catalogue says so.
  public var member: String?
  /// Which work it shows, where the catalogue says so.
  public var work: String?
  /// Whether the use that was asked about is permitted; nil where none was.
  public var permission: HitPermission?
  /// Everything else the engine said about it: attributes and the stored vector, where they were asked for.
  public var details: [String: JSONValue]

  /// Describes a hit.
  public init(
    key: String, score: Float, member: String? = nil, work: String? = nil, permission: HitPermission? = nil,
    details: [String: JSONValue] = [:]
  ) {
    self.key = key
    self.score = score
    self.member = member
    self.work = work
    self.permission = permission
    self.details = details
  }
}

extension Hit: Decodable {
  /// Reads a hit; fields that have no property here become details.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: FieldName.self)
    key = try fields.decode(String.self, forKey: "key")
    score = try fields.decode(Float.self, forKey: "score")
    member = try fields.decodeIfPresent(String.self, forKey: "member")
    work = try fields.decodeIfPresent(String.self, forKey: "work")
    permission = try fields.decodeIfPresent(HitPermission.self, forKey: "permission")
    details = try fields.decodeOthers(than: ["key", "score", "member", "work", "permission"])
  }
}
