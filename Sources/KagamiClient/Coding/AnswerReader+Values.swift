extension AnswerReader {
  /// The result that a line holds, whatever it is, unless it needs a decoder that reads everything.
  ///
  /// - Complexity: O(*n*) for *n* bytes. Asking a decoder in turn for each kind of value costs a thrown error for each wrong
  ///   guess, a hundred times as much.
  package static func value(of line: [UInt8]) -> JSONValue? {
    var reader = AnswerReader(line)
    var result: JSONValue?
    let isPlain = reader.object { reader, name in
      guard case "result" = name else { return name.first != UInt8(ascii: "e") && reader.skipValue() }
      result = reader.value(depth: 0)
      return result != nil
    }
    return isPlain ? result : nil
  }

  /// Any value that is not nested deeper than the engine's own limit.
  private mutating func value(depth: Int) -> JSONValue? {
    guard depth < 32 else { return nil }
    if isNext("{") {
      var members: [String: JSONValue] = [:]
      let isPlain = object { reader, name in
        guard let member = reader.value(depth: depth + 1) else { return false }
        members[String(decoding: name, as: UTF8.self)] = member
        return true
      }
      return isPlain ? .object(members) : nil
    }
    if isNext("[") { return list { $0.value(depth: depth + 1) }.map(JSONValue.array) }
    if isNext("\"") { return string().map(JSONValue.string) }
    return plainValue()
  }

  /// A number, `true`, `false` or `null`.
  private mutating func plainValue() -> JSONValue? {
    let word = plainWord()
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default:
      // What begins like a number is one, or is refused: `Double` alone would also read names such as `inf`.
      guard let first = word.first(where: { $0 != UInt8(ascii: "-") }), (0x30...0x39).contains(first) else {
        return nil
      }
      let text = String(decoding: word, as: UTF8.self)
      guard !text.contains("x") else { return nil }
      if let integer = Int(text) { return .integer(integer) }
      return Double(text).map { number in Int(exactly: number).map(JSONValue.integer) ?? .number(number) }
    }
  }
}
