extension JSONScanner {
  /// An object that is being read.
  public struct Object {
    let firstKey: Int
    var isFirst = true
    /// The keys, once they are too many to be compared one by one.
    var names: Set<ExactText>?
  }

  /// An array that is being read.
  public struct Array {
    var isFirst = true
  }

  /// Keys of an object that are compared one by one; more go into a set.
  private static let fewKeys = 24

  /// Enters an object.
  ///
  /// - Returns: What ``nextKey(of:)`` needs.
  /// - Throws: `parse_error` if no object begins here, or too deep.
  public mutating func beginObject() throws(WireError) -> Object {
    try expect(UInt8(ascii: "{"), "an object")
    try descend()
    return Object(firstKey: keys.count)
  }

  /// The next key of an object, its value coming next; nil after the last.
  ///
  /// - Throws: `parse_error`, also for a key that stands there twice.
  public mutating func nextKey(of object: inout Object) throws(WireError) -> Text? {
    if try peek() == UInt8(ascii: "}") {
      ascend()
      keys.removeLast(keys.count - object.firstKey)
      return nil
    }
    if !object.isFirst { try expect(UInt8(ascii: ","), "a comma or the end of the object") }
    object.isFirst = false
    guard try peek() == UInt8(ascii: "\"") else { throw .parse("expected a key in quotes", at: position) }
    let start = position
    let key = try string()
    guard isNew(key, in: &object) else {
      throw .parse("the key \"\(WireError.excerpt(text(of: key)))\" stands twice in one object", at: start)
    }
    try expect(UInt8(ascii: ":"), "a colon")
    return key
  }

  /// Enters an array.
  ///
  /// - Returns: What ``nextElement(of:)`` needs.
  /// - Throws: `parse_error` if no array begins here, or too deep.
  public mutating func beginArray() throws(WireError) -> Array {
    try expect(UInt8(ascii: "["), "an array")
    try descend()
    return Array()
  }

  /// Whether another element of an array comes next.
  ///
  /// - Throws: `parse_error`.
  @inline(__always)
  public mutating func nextElement(of array: inout Array) throws(WireError) -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: "]") {
      ascend()
      return false
    }
    if array.isFirst {
      array.isFirst = false
      return true
    }
    guard byte == UInt8(ascii: ",") else { throw .parse("expected a comma or the end of the array", at: position) }
    advance(to: position + 1)
    guard try peek() != UInt8(ascii: "]") else { throw .parse("a comma before the end of the array", at: position) }
    return true
  }

  /// Reads over a value of any kind, checking all of it.
  ///
  /// - Throws: `parse_error`.
  public mutating func skipValue() throws(WireError) {
    switch try peek() {
    case UInt8(ascii: "{"):
      var object = try beginObject()
      while try nextKey(of: &object) != nil { try skipValue() }
    case UInt8(ascii: "["):
      var array = try beginArray()
      while try nextElement(of: &array) { try skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  // MARK: Duplicate keys

  /// Notes a key; false if the object has it already.
  private mutating func isNew(_ key: Text, in object: inout Object) -> Bool {
    guard keys.count - object.firstKey >= Self.fewKeys else {
      for index in object.firstKey..<keys.count where same(keys[index], key) { return false }
      keys.append(key)
      return true
    }
    if object.names == nil { object.names = Set(keys[object.firstKey...].map { ExactText(text(of: $0)) }) }
    return object.names?.insert(ExactText(text(of: key))).inserted ?? false
  }

  @inline(__always)
  private func same(_ a: Text, _ b: Text) -> Bool {
    if a.hasEscapes || b.hasEscapes { return ExactText(text(of: a)) == ExactText(text(of: b)) }
    guard a.range.count == b.range.count else { return false }
    for index in 0..<a.range.count
    where self[a.range.lowerBound + index] != self[b.range.lowerBound + index] { return false }
    return true
  }
}
