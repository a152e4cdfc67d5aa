/// What a caller says about one item; its vector row is kept elsewhere.
///
/// Everything here is immutable once committed: an item with the same key becomes a new row that replaces the old one.
public struct ItemRecord: Hashable, Sendable {
  /// The caller's id, not empty; at most one live item has it.
  public var key: String
  /// The id of the member the item belongs to; created if it is new.
  public var member: String?
  /// The id of the work within that member; created if it is new.
  public var work: String?
  /// What sort of thing the item is, such as `image` or `frame`.
  public var kind: String?
  /// The item's title.
  public var title: String?
  /// Where the item came from, usually a URI.
  public var source: String?
  /// Where in its source the item was taken from.
  public var timecode: Timecode?
  /// A JSON object with everything else the caller said, as its text.
  public var attributes: String?
  /// CRC-32C of the bytes of the stored vector row.
  public var checksum: UInt32

  /// An item named `key` whose stored row has `checksum`.
  public init(
    key: String, member: String? = nil, work: String? = nil, kind: String? = nil, title: String? = nil,
    source: String? = nil, timecode: Timecode? = nil, attributes: String? = nil, checksum: UInt32
  ) {
    self.key = key
    self.member = member
    self.work = work
    self.kind = kind
    self.title = title
    self.source = source
    self.timecode = timecode
    self.attributes = attributes
    self.checksum = checksum
  }
}

extension ItemRecord {
  /// Why the item cannot be stored, or nil where nothing speaks against it.
  ///
  /// Only that the attributes are a JSON object is left for SQLite to check. U+0000 is refused everywhere, also written
  /// as `\u0000` in attributes: SQLite's text functions end at it, so that two different texts would look the same.
  ///
  /// - Complexity: O(*n*) in the bytes of the item.
  public var objection: CatalogueError? {
    if key.isEmpty { return .invalid(subject: "item", reason: "its key is empty") }
    if let field = fieldWithNull { return .invalid(subject: "item \(key)", reason: "\(field) contains U+0000") }
    switch timecode {
    case .number(let number) where !number.isFinite:
      return .invalid(subject: "item \(key)", reason: "timecode is not a finite number")
    default: return nil
    }
  }

  private var fieldWithNull: String? {
    func hasNull(_ text: String?) -> Bool { text.map { $0.utf8.contains(0) } ?? false }
    if hasNull(key) { return "key" }
    if hasNull(member) { return "member" }
    if hasNull(work) { return "work" }
    if hasNull(kind) { return "kind" }
    if hasNull(title) { return "title" }
    if hasNull(source) { return "source" }
    if case .text(let text) = timecode, hasNull(text) { return "timecode" }
    if let attributes, hasNull(attributes) || attributes.containsEscapedNull { return "attributes" }
    return nil
  }
}

extension String {
  /// Whether the text of a JSON value holds the escape `\u0000`.
  fileprivate var containsEscapedNull: Bool {
    var rest = utf8[...]
    while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
      rest = rest[backslash...].dropFirst()
      if rest.starts(with: "u0000".utf8) { return true }
      rest = rest.dropFirst()  // the escaped character, which may be a backslash itself
    }
    return false
  }
}
