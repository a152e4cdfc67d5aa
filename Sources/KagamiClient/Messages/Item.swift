/// One item of the catalogue.
public struct Item: Sendable, Hashable {
  /// The item's key.
  public var key: String
  /// Whose work it shows, where the catalogue says so.
  public var member: String?
  /// Which work it shows, where the catalogue says so.
  public var work: String?
  /// Everything else the engine said about it.
  public var details: [String: JSONValue]
}

extension Item: Decodable {
  /// Reads an item; fields that have no property here become details.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: FieldName.self)
    key = try fields.decode(String.self, forKey: "key")
    member = try fields.decodeIfPresent(String.self, forKey: "member")
    work = try fields.decodeIfPresent(String.self, forKey: "work")
    details = try fields.decodeOthers(than: ["key", "member", "work"])
  }
}

/// What `items.get` answers.
public struct ItemsAnswer: Sendable, Hashable, Decodable {
  /// The items that exist.
  public var items: [Item]
  /// How many of the keys have no item.
  public var missing: Int?
}
