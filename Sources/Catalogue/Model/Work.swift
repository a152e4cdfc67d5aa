/// A work of a member: what its items are pictures of.
public struct Work: Hashable, Sendable {
  /// A dense number within the catalogue, from 1; never reused.
  public let number: UInt32
  /// The number of its member, or 0.
  public let member: UInt32
  /// The caller's id; unique within the member.
  public let id: String
  /// The title; a new work takes that of its first item.
  public let title: String?
  /// What sort of work it is; a new work takes that of its first item.
  public let kind: String?
  /// When it was first published, in the caller's notation.
  public let firstPublished: String?
  /// A JSON object with everything else, as its text.
  public let attributes: String?
  /// Live items of the work.
  public let itemCount: Int
}

/// A work's number and names, without anything that costs time to find.
public struct WorkEntry: Hashable, Sendable {
  /// A dense number within the catalogue, from 1.
  public let number: UInt32
  /// The number of its member, or 0.
  public let member: UInt32
  /// The caller's id; unique within the member.
  public let id: String
}
