/// Values that permissions are made of.
extension ParameterDecoder {
  /// Uses that have a name of their own; others may be named in the same manner.
  private static let knownUses = ["training", "generation", "display", "distribution"]

  func require(_ names: [String], _ found: Set<String>, at pointer: String) throws(WireError) {
    for name in names where !found.contains(name) {
      throw .invalid("\(pointer)/\(name)", "\(name) is missing")
    }
  }

  /// Reads a text that names something: not empty, and without U+0000, at which SQLite's functions end.
  func naming(_ scanner: inout JSONScanner, _ pointer: String, limit: Int = 1024) throws(WireError) -> String {
    guard let value = try scanner.takeText() else { throw .invalid(pointer, "expected a string") }
    guard !value.isEmpty, !value.utf8.contains(0) else {
      throw .invalid(pointer, "expected a string that is not empty and has no U+0000")
    }
    guard value.utf8.count <= limit else {
      throw WireError(
        .tooLarge, "at most \(limit) bytes", pointer: pointer, limit: limit, got: "\(value.utf8.count) bytes")
    }
    return value
  }

  func instant(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> Int64 {
    guard let value = try scanner.takeText() else { throw .invalid(pointer, Timestamp.expectation) }
    do throws(Timestamp.Objection) { return try Timestamp.read(value) } catch {
      throw .invalid(pointer, error.reason, got: value)
    }
  }

  /// Reads the name of a use.
  ///
  /// A name that is one letter off a known one is refused: a permission for `trainings` would never cover anything.
  func useName(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> String {
    guard let name = try scanner.takeText() else { throw .invalid(pointer, "expected a string such as training") }
    guard name.utf8.count <= 64, Self.isSnakeCase(name) else {
      throw .invalid(
        pointer, "expected \(Self.knownUses.joined(separator: ", ")) or another name of small letters, digits and _",
        got: name)
    }
    if !Self.knownUses.contains(name), let meant = Self.knownUses.first(where: { Nearest.edits(name, $0) == 1 }) {
      throw .invalid(pointer, "unknown use; did you mean \(meant)?", got: name)
    }
    return name
  }

  /// Whether a name is words of small letters and digits, joined by single underscores, and begins with a letter.
  private static func isSnakeCase(_ name: String) -> Bool {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    let isLetterFirst = name.utf8.first.map { $0 >= UInt8(ascii: "a") } ?? false
    return isLetterFirst
      && words.allSatisfy { word in
        !word.isEmpty
          && word.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          }
      }
  }

  func territory(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> String {
    guard let code = try scanner.takeText() else {
      throw .invalid(pointer, "expected a two-letter code of ISO 3166-1 such as JP, or worldwide")
    }
    if code != "worldwide", let objection = Territory.objection(to: code) {
      throw .invalid(pointer, objection, got: code)
    }
    return code
  }

  func uses(_ scanner: inout JSONScanner) throws(WireError) -> [String] {
    let uses = try list(&scanner, "/params/uses", of: "uses") { scanner, pointer throws(WireError) in
      try useName(&scanner, pointer)
    }
    guard !uses.isEmpty else { throw .invalid("/params/uses", "expected at least one use") }
    return uses
  }

  /// Reads territories; none of them means worldwide, which is said by its name only.
  func territories(_ scanner: inout JSONScanner) throws(WireError) -> [String] {
    let pointer = "/params/territories"
    if try scanner.peek() == UInt8(ascii: "\"") {
      guard try scanner.takeText() == "worldwide" else {
        throw .invalid(pointer, "expected \"worldwide\" or an array of two-letter codes of ISO 3166-1")
      }
      return []
    }
    let codes = try list(&scanner, pointer, of: "territories") { scanner, pointer throws(WireError) in
      try territory(&scanner, pointer)
    }
    guard !codes.isEmpty else { throw .invalid(pointer, "expected at least one territory, or \"worldwide\"") }
    guard codes.contains("worldwide") else { return codes }
    guard codes.count == 1 else { throw .invalid(pointer, "worldwide stands alone: it includes all the others") }
    return []
  }

  private func list(
    _ scanner: inout JSONScanner, _ pointer: String, of what: String,
    _ element: (inout JSONScanner, String) throws(WireError) -> String
  ) throws(WireError) -> [String] {
    guard try scanner.peek() == UInt8(ascii: "[") else { throw .invalid(pointer, "expected an array of strings") }
    var names: [String] = []
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      guard names.count < 1000 else {
        throw WireError(.tooLarge, "at most 1000 \(what)", pointer: pointer, limit: 1000)
      }
      names.append(try element(&scanner, "\(pointer)/\(names.count)"))
    }
    return names
  }
}
