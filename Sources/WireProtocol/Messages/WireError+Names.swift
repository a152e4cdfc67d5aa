extension WireError {
  /// A parameter that does not exist.
  static func unknown(_ name: String, at pointer: String, among known: [String]) -> WireError {
    let hint =
      if let meant = Nearest.name(to: name, among: known) {
        "did you mean \(meant)?"
      } else if known.isEmpty {
        "there are none"
      } else {
        "known are \(known.joined(separator: ", "))"
      }
    return .invalid("\(pointer)/\(escaped(name))", "unknown parameter; \(hint)")
  }

  /// A name as it stands in a JSON pointer.
  package static func escaped(_ name: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in excerpt(name).unicodeScalars {
      switch scalar {
      case "~": scalars.append(contentsOf: "~0".unicodeScalars)
      case "/": scalars.append(contentsOf: "~1".unicodeScalars)
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// What callers sent, as far as an answer repeats it: at most 128 bytes, and an ellipsis for the rest.
  static func excerpt(_ text: String) -> String {
    guard text.utf8.count > 128 else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: 128)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text.unicodeScalars[..<end]) + "…"
  }
}
