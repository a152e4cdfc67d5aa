/// An item to store.
public struct NewItem: Sendable, Hashable, Encodable {
  /// Its key; an item of that key is replaced.
  public var key: String
  /// Its vector, unless vectors are given beside the items.
  public var vector: [Float]?
  /// Whose work it shows.
  public var member: String?
  /// Which work of the member it shows.
  public var work: String?
  /// What sort of thing it is.
  public var kind: String?
  /// Its title.
  public var title: String?
  /// Where it came from.
  public var source: String?
  /// Where in its source it was taken from: a number or a text.
  public var timecode: JSONValue?
  /// Whatever else there is to say of it.
  public var attributes: [String: JSONValue]?

  /// Describes an item; everything else is set afterwards.
  public init(key: String, vector: [Float]? = nil, member: String? = nil, work: String? = nil) {
    (self.key, self.vector, self.member, self.work) = (key, vector, member, work)
  }
}

/// How items are stored; what is `nil` is left to the engine.
public struct UpsertOptions: Sendable, Hashable {
  /// Whether one bad item refuses all.
  public var atomic: Bool?
  /// Whether members and works must exist.
  public var strict: Bool?
  /// A name for the edit, so that sending it twice does it once.
  public var operation: String?

  /// The defaults.
  public init(atomic: Bool? = nil, strict: Bool? = nil, operation: String? = nil) {
    (self.atomic, self.strict, self.operation) = (atomic, strict, operation)
  }
}

/// What storing items came to.
public struct UpsertAnswer: Sendable, Hashable, Decodable {
  /// An item that was not stored.
  public struct Failure: Sendable, Hashable, Decodable {
    /// Its place in the request.
    public var index: Int
    /// Its key.
    public var key: String
    /// What kind of error it is.
    public var kind: String
    /// Where in the request the fault lies.
    public var pointer: String?
    /// What is wrong, for a person.
    public var message: String
  }

  /// Items that were stored.
  public var upserted: Int
  /// Those of them that took the place of another.
  public var replaced: Int
  /// Items that were not stored.
  public var failures: [Failure]
  /// Keys that stood several times in the request; the last one stays.
  public var duplicates: [String]?
  /// The transaction that holds it.
  public var seq: Int
  /// Whether it had been done before, under its name.
  public var repeated: Bool?
}

/// The receipt of a takedown.
public struct RemovalAnswer: Sendable, Hashable, Decodable {
  /// Items that were removed.
  public var removed: Int
  /// Keys that no item had.
  public var missing: Int?
  /// The keys of the items that were removed.
  public var keys: [String]
  /// When.
  public var time: String
  /// The transaction that holds it.
  public var seq: Int
  /// Whether it had been done before, under its name.
  public var repeated: Bool?
}

/// A page of items.
public struct ItemsPage: Sendable, Hashable, Decodable {
  /// The items, in the order in which they came.
  public var items: [Item]
  /// The revision that all pages show.
  public var seq: Int
  /// Where the next page begins; nil on the last one.
  public var cursor: String?
}
