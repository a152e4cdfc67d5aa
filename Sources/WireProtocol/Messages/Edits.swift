/// An item that is to be stored, as far as it can be checked without a catalogue.
public struct ItemEdit: Sendable {
  /// The caller's id.
  public var key: String
  /// The id of its member.
  public var member: String?
  /// The id of its work within that member.
  public var work: String?
  /// What sort of thing it is.
  public var kind: String?
  /// Its title.
  public var title: String?
  /// Where it came from.
  public var source: String?
  /// Where in its source it was taken from.
  public var timecode: TimecodeValue?
  /// A JSON object, as its text.
  public var attributes: String?
  /// Its vector, where it came with the item; otherwise it is the row of the same place in the request's matrix.
  public var vector: [Float]?
  /// Whether the vector is of integers that stand for nothing but a direction.
  public var isUnscaledInteger = false
}

/// A timecode as callers write it.
public enum TimecodeValue: Sendable {
  /// A number in the caller's unit.
  case number(Double)
  /// A text in the caller's notation.
  case text(String)
}

/// Items to store, in place of those with the same keys.
public struct ItemsUpsertRequest: Sendable {
  /// The items; of several with one key the last one stays.
  public var items: [ItemEdit] = []
  /// Whether vectors came as one matrix beside the items.
  public var hasMatrix = false
  /// Whether one bad item refuses all.
  public var isAtomic = false
  /// Whether members and works must exist.
  public var isStrict = false
  /// The caller's name for the operation; the same name a second time changes nothing and gives the first answer.
  public var operation: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// Items to remove.
public struct ItemsRemoveRequest: Sendable {
  /// Which: by key.
  public var keys: [String]?
  /// Which: by what they are.
  public var filter: Filter?
  /// Whether the caller knows that a filter may match everything.
  public var isConfirmed = false
  /// The caller's name for the operation.
  public var operation: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// A page of items.
public struct ItemsScrollRequest: Sendable {
  /// Which items; all without it.
  public var filter: Filter?
  /// How many at most.
  public var limit = 1000
  /// Where an earlier answer stopped.
  public var cursor: String?
  /// Milliseconds after receipt by which it must have begun; a page that is not full by then ends there.
  public var deadline: Int64?
  /// Whether items show what is known about them.
  public var withAttributes = true
  /// Whether items show their stored vector.
  public var withVectors = false
}

/// A member to store, or what to change about one.
public struct MemberPutRequest: Sendable {
  /// The caller's id.
  public var member: String
  /// The member's name; left as it is unless given.
  public var name: String?
  /// How the member can be reached; left as it is unless given.
  public var contact: String?
  /// When the member joined, in ISO 8601; left as it is unless given.
  public var joinedAt: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// A work to store, or what to change about one.
public struct WorkPutRequest: Sendable {
  /// The id of its member, which must exist.
  public var member: String
  /// The caller's id.
  public var work: String
  /// The title; left as it is unless given.
  public var title: String?
  /// What sort of work it is; left as it is unless given.
  public var kind: String?
  /// When it was first published; left as it is unless given.
  public var firstPublished: String?
  /// A JSON object, as its text; left as it is unless given.
  public var attributes: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}

/// A member or a work to remove.
public struct RegisterRemoveRequest: Sendable {
  /// The id of the member.
  public var member: String
  /// The id of the work; nil to remove the member.
  public var work: String?
  /// Whether the items go with it.
  public var cascades = false
  /// The caller's name for the operation.
  public var operation: String?
  /// Milliseconds after receipt by which it must have begun.
  public var deadline: Int64?
}
