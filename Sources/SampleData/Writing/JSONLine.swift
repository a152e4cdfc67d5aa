/// One line of JSON, field by field.
struct JSONLine {
  private var text = "{"

  /// Starts an empty object.
  init() {}

  /// Adds a string; nil becomes `null`.
  mutating func add(_ name: String, _ value: String?) {
    addRaw(name, value.map(Self.quoted) ?? "null")
  }

  /// Adds a whole number; nil becomes `null`.
  mutating func add(_ name: String, _ value: Int?) {
    addRaw(name, value.map(String.init) ?? "null")
  }

  /// The object with the line's end.
  var line: String { text + "}\n" }

  private mutating func addRaw(_ name: String, _ value: String) {
    if text.utf8.count > 1 { text += ", " }
    text += Self.quoted(name) + ": " + value
  }

  private static func quoted(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      precondition(scalar.value >= 0x20, "the sample's texts have no control characters")
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
