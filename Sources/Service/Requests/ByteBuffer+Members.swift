import WireProtocol

/// Members of objects, a name and a value at a time.
extension ByteBuffer {
  /// Writes a member, or nothing where there is no text.
  mutating func member(_ field: StaticString, _ text: String?) {
    guard let text else { return }
    name(field)
    string(text)
  }

  /// Writes a member.
  mutating func member(_ field: StaticString, _ value: Int) {
    name(field)
    number(value)
  }

  /// Writes a member whose value is JSON that the catalogue keeps, or nothing where there is none.
  mutating func member(_ field: StaticString, json: String?) {
    guard let json else { return }
    name(field)
    stored(json)
  }
}
