extension Condition {
  /// What a condition looks at.
  public enum Field: Hashable, Sendable {
    /// The item's key.
    case key
    /// The id of its member.
    case member
    /// The id of its work, whoever the member is.
    case work
    /// The item's kind.
    case kind
    /// The item's title.
    case title
    /// The item's source.
    case source
    /// The item's timecode.
    case timecode
    /// The attribute of that name; any name, taken as it is and never as a path.
    case attribute(String)

    /// Whether both are the same field; attributes, of a name of the same bytes.
    public static func == (left: Field, right: Field) -> Bool {
      switch (left, right) {
      case (.attribute(let left), .attribute(let right)): ExactText(left) == ExactText(right)
      case (.key, .key), (.member, .member), (.work, .work), (.kind, .kind): true
      case (.title, .title), (.source, .source), (.timecode, .timecode): true
      default: false
      }
    }
  }
}
