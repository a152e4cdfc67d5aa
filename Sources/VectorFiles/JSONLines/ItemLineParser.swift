import WireProtocol

/// Turns one line into metadata, and into a vector where the format has one.
struct ItemLineParser {
  /// What a line must and may have.
  struct Rules {
    /// Whether a line without a key is refused.
    var requiresKey: Bool
    /// Whether `vector` is the item's vector (and must be there), not an attribute.
    var hasVector: Bool
  }

  private let rules: Rules
  /// The text of all attributes: one object, its closing brace still missing.
  private var attributes: [UInt8] = []
  /// Whether some of them came in an object of their own, and some beside it.
  private var hasAttributesWithin = false
  private var hasAttributesBeside = false
  private var vectorStart: Int?

  /// The vector of the line that was parsed last.
  let vector = VectorBuffer()

  /// Chooses the rules.
  init(_ rules: Rules) {
    self.rules = rules
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: The line without its end.
  ///   - scanner: Reads it; its memory is reused.
  /// - Returns: What the line says; its vector is in `vector`.
  /// - Throws: Why the line is refused, with the place in it.
  /// - Allocates: What is returned.
  mutating func parse(_ line: ArraySlice<UInt8>, _ scanner: inout JSONScanner) throws(WireError) -> ItemMetadata {
    attributes.removeAll(keepingCapacity: true)
    (hasAttributesWithin, hasAttributesBeside) = (false, false)
    vectorStart = nil
    var item = ItemMetadata()
    try scanner.read(line.span) { (scanner) throws(WireError) in
      try Self.checkStart(&scanner)
      var object = try scanner.beginObject()
      while let name = try scanner.nextKey(of: &object) { try readField(name, of: line, &scanner, into: &item) }
      try scanner.expectEnd()
    }
    try checkFields(of: item)
    if !attributes.isEmpty {
      attributes.append(UInt8(ascii: "}"))
      let text = String(decoding: attributes, as: UTF8.self)
      if hasAttributesWithin, hasAttributesBeside { try Self.checkNames(of: text) }
      item.attributes = text
    }
    return item
  }

  /// Holds the vector of the line that was parsed last against the dimension that it must have.
  func checkVector(dimension: Int) throws(WireError) {
    guard vector.dimension == dimension else {
      throw .refused("\"vector\" has \(vector.dimension) numbers; \(dimension) are needed", at: vectorStart ?? 0)
    }
  }

  private static func checkStart(_ scanner: inout JSONScanner) throws(WireError) {
    let first = try? scanner.peek()
    guard scanner.position < scanner.count else {
      throw .refused("the line is empty; every line must describe one row", at: scanner.position)
    }
    guard first == UInt8(ascii: "{") else {
      let mark = scanner.byteOrderMark(at: scanner.position)
      throw .refused(mark ?? "the line must be an object: {…}", at: scanner.position)
    }
  }

  private mutating func readField(
    _ name: JSONScanner.Text, of line: ArraySlice<UInt8>, _ scanner: inout JSONScanner, into item: inout ItemMetadata
  ) throws(WireError) {
    // From here on the scanner stands where the value begins.
    _ = try scanner.peek()
    switch scanner.name(name) {
    case "key": item.key = try Self.name("key", &scanner)
    case "member": item.member = try Self.name("member", &scanner)
    case "work": item.work = try Self.name("work", &scanner)
    case "title": item.title = try Self.text("title", &scanner)
    case "kind": item.kind = try Self.text("kind", &scanner)
    case "source": item.source = try Self.text("source", &scanner)
    case "timecode": item.timecode = try Self.timecode(&scanner)
    case "vector" where rules.hasVector: vectorStart = try VectorField.read(&scanner, of: line, into: vector)
    case "attributes": try readAttributes(of: line, &scanner)
    default:
      hasAttributesBeside = true
      try keep(name, of: line, &scanner)
    }
  }

  /// Keeps a member as it is written.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - line: The line that it stands in.
  ///   - place: The pointer of the object that it is in.
  ///   - scanner: Stands before the value.
  /// - Throws: `WireError` for a value that cannot be kept.
  private mutating func keep(
    _ name: JSONScanner.Text, of line: ArraySlice<UInt8>, within place: String = "", _ scanner: inout JSONScanner
  ) throws(WireError) {
    try Self.skipAttribute(name, within: place, &scanner)
    attributes.append(attributes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
    let field = line.startIndex + name.range.lowerBound - 1..<line.startIndex + scanner.position
    attributes.append(contentsOf: line[field])
  }

  /// An object of attributes, as items have it everywhere else: its members are attributes, whatever they are called.
  private mutating func readAttributes(
    of line: ArraySlice<UInt8>, _ scanner: inout JSONScanner
  ) throws(WireError) {
    if try scanner.takeNull() { return }
    guard try scanner.peek() == UInt8(ascii: "{") else {
      throw .refused("\"attributes\" must be an object", at: scanner.position)
    }
    hasAttributesWithin = true
    var object = try scanner.beginObject()
    while let name = try scanner.nextKey(of: &object) {
      _ = try scanner.peek()
      try keep(name, of: line, within: "/attributes", &scanner)
    }
  }

  /// One attribute has one value, wherever it stands.
  private static func checkNames(of attributes: String) throws(WireError) {
    do {
      _ = try JSONText.memberNames(of: attributes)
    } catch {
      throw .refused("an attribute stands both within \"attributes\" and beside it; \(error.message)", at: 0)
    }
  }

  private func checkFields(of item: ItemMetadata) throws(WireError) {
    if item.key == nil, rules.requiresKey {
      throw .refused("\"key\" is missing; it names the item and must be a string", at: 0)
    }
    if item.work != nil, item.member == nil { throw .refused("\"work\" needs a \"member\" that it belongs to", at: 0) }
    if rules.hasVector, vectorStart == nil { throw .refused("\"vector\" is missing", at: 0) }
  }
}

// MARK: - Values

extension ItemLineParser {
  /// A string that is not empty and not too long, or null.
  private static func name(_ field: StaticString, _ scanner: inout JSONScanner) throws(WireError) -> String? {
    let start = scanner.position
    guard let name = try text(field, &scanner) else { return nil }
    guard !name.isEmpty else { throw .refused("\"\(field)\" is empty", at: start) }
    guard name.utf8.count <= ItemMetadata.maximumNameByteCount else {
      let (count, most) = (name.utf8.count, ItemMetadata.maximumNameByteCount)
      throw .refused("\"\(field)\" takes \(count) bytes; at most \(most) are allowed", at: start)
    }
    return name
  }

  /// A string, or null.
  private static func text(_ field: StaticString, _ scanner: inout JSONScanner) throws(WireError) -> String? {
    if try scanner.takeNull() { return nil }
    let start = scanner.position
    guard try scanner.peek() == UInt8(ascii: "\"") else { throw try notAString(field, &scanner) }
    let string = try scanner.string()
    let text = scanner.text(of: string)
    // No database column and no terminal takes this character well; JSON allows it as an escape only.
    guard !string.hasEscapes || !text.utf8.contains(0) else {
      throw .refused("\"\(field)\" contains the character U+0000", at: start)
    }
    return text
  }

  private static func notAString(_ field: StaticString, _ scanner: inout JSONScanner) throws(WireError) -> WireError {
    let start = scanner.position
    let byte = try scanner.peek()
    guard byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else {
      return .refused("\"\(field)\" must be a string", at: start)
    }
    _ = try scanner.integer()
    let written = scanner.copy(start..<scanner.position).prefix(40)
    return .refused("\"\(field)\" must be a string: write \"\(written)\" in quotes", at: start)
  }

  private static func timecode(_ scanner: inout JSONScanner) throws(WireError) -> Timecode? {
    switch try scanner.peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "n"): return try text("timecode", &scanner).map(Timecode.text)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"):
      throw .refused("\"timecode\" must be a number or a string", at: scanner.position)
    default:
      do throws(WireError) { return .number(try scanner.timecode(at: "/timecode")) } catch { throw error.ofLine }
    }
  }

  /// Reads over a value that is kept as it is written.
  private static func skipAttribute(
    _ name: JSONScanner.Text, within place: String, _ scanner: inout JSONScanner
  ) throws(WireError) {
    do throws(WireError) { try scanner.skipKeptValue() } catch {
      guard error.kind != .parseError else { throw error }
      var error = error
      error.pointer = place + "/" + WireError.escaped(scanner.text(of: name)) + (error.pointer ?? "")
      throw error.ofLine
    }
  }
}

extension WireError {
  /// The error of a value, with all that it says in its message: of a line nobody sees more.
  fileprivate var ofLine: WireError {
    guard kind != .parseError else { return self }
    let place = pointer.map { "\($0): " } ?? ""
    return .refused(place + message + (got.map { ", got \($0)" } ?? ""), at: offset ?? 0)
  }
}
