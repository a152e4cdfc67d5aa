/// What a line of metadata says about one item.
public struct ItemMetadata: Equatable, Sendable {
  /// The caller's name for the item; nil only where the reader was told that keys may be missing.
  public var key: String?
  /// The member the item belongs to.
  public var member: String?
  /// The work the item belongs to; never without a member.
  public var work: String?
  /// The item's title.
  public var title: String?
  /// What kind of picture it is.
  public var kind: String?
  /// Where the picture came from.
  public var source: String?
  /// The place within a film.
  public var timecode: Timecode?
  /// The members of the field `attributes` and every other field of the line, as the text of one JSON object; nil if there is none.
  public var attributes: String?

  /// Creates metadata.
  public init(
    key: String? = nil, member: String? = nil, work: String? = nil, title: String? = nil, kind: String? = nil,
    source: String? = nil, timecode: Timecode? = nil, attributes: String? = nil
  ) {
    self.key = key
    self.member = member
    self.work = work
    self.title = title
    self.kind = kind
    self.source = source
    self.timecode = timecode
    self.attributes = attributes
  }

  /// The names that mean something of their own; all others are attributes.
  public static let reservedNames = ["key", "member", "work", "title", "kind", "source", "timecode"]
  /// The most bytes that a key, a member or a work may take in UTF-8.
  public static let maximumNameByteCount = 1_024
}
