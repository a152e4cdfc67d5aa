/// Writes JSON: values after one another, with commas where they belong.
///
/// A comma is owed exactly when the last byte neither opens something nor ends a name, so that no state has to be kept.
extension ByteBuffer {
  /// Begins an object.
  @inline(__always)
  public mutating func beginObject() {
    separate()
    append(UInt8(ascii: "{"))
  }

  /// Ends an object.
  @inline(__always)
  public mutating func endObject() { append(UInt8(ascii: "}")) }

  /// Begins an array.
  @inline(__always)
  public mutating func beginArray() {
    separate()
    append(UInt8(ascii: "["))
  }

  /// Ends an array.
  @inline(__always)
  public mutating func endArray() { append(UInt8(ascii: "]")) }

  /// Writes the name of a member, its value coming next.
  ///
  /// - Parameter name: Of letters that need no escape.
  @inline(__always)
  public mutating func name(_ name: StaticString) {
    separate()
    append(UInt8(ascii: "\""))
    append(name)
    append("\":")
  }

  /// Writes the name of a member that is not known beforehand.
  public mutating func name(text: String) {
    string(text)
    append(UInt8(ascii: ":"))
  }

  /// Writes a string.
  ///
  /// - Parameter text: Valid UTF-8.
  @inline(__always)
  public mutating func string(_ text: Span<UInt8>) {
    separate()
    quoted(text)
  }

  /// Writes a string.
  public mutating func string(_ text: String) { string(text.utf8.span) }

  /// Writes a float in the fewest digits that read back as the same float.
  ///
  /// - Parameter value: Minus zero is written as 0, and what is not finite, for which JSON has no number, as null.
  public mutating func number(_ value: Float) {
    guard value.isFinite else { return null() }
    separate()
    // At most 15 characters, which a string holds in itself: no allocation.
    if value == 0 { append(UInt8(ascii: "0")) } else { append(text: value.description) }
  }

  /// Writes a double in the fewest digits that read back as the same double.
  ///
  /// - Parameter value: Minus zero is written as 0, and what is not finite as null.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    separate()
    if value == 0 { append(UInt8(ascii: "0")) } else { append(text: value.description) }
  }

  /// Writes an integer.
  public mutating func number(_ value: Int64) {
    separate()
    append(text: value.description)
  }

  /// Writes an integer.
  public mutating func number(_ value: Int) { number(Int64(value)) }

  /// Writes true or false.
  public mutating func bool(_ value: Bool) {
    separate()
    if value { append("true") } else { append("false") }
  }

  /// Writes null.
  public mutating func null() {
    separate()
    append("null")
  }

  /// Writes a value that is JSON already, separators of lines escaped.
  public mutating func raw(_ json: String) {
    separate()
    append(lines: json.utf8.span)
  }

  /// Writes floats as base64 of their bytes, little-endian, in quotes.
  public mutating func base64(_ numbers: Span<Float>) {
    separate()
    append(UInt8(ascii: "\""))
    // SAFETY: lent for the call. (Every machine that Swift runs on is little-endian.)
    unsafe numbers.withUnsafeBytes { unsafe Base64.encode($0, to: &self) }
    append(UInt8(ascii: "\""))
  }

  /// Writes the comma that is owed before a value.
  @inline(__always)
  mutating func separate() {
    switch lastByte {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"), nil: break
    default: append(UInt8(ascii: ","))
    }
  }
}
