import TestSupport

import Catalogue

/// A JSON value of the tests' own, which is written in odd but valid ways.
indirect enum JSONValue {
  case null, bool(Bool), integer(Int64), real(Double), string(String), array([JSONValue])
  case object([(String, JSONValue)])

  func text(_ generator: inout SeededGenerator) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .real(let value): return "\(value)"
    case .string(let value): return quoted(value, &generator)
    case .array(let values):
      let space = Bool.random(using: &generator) ? " " : ""
      return "[" + space + values.map { $0.text(&generator) }.joined(separator: "," + space) + "]"
    case .object(let pairs):
      return "{" + pairs.map { quoted($0.0, &generator) + ": " + $0.1.text(&generator) }.joined(separator: ", ") + "}"
    }
  }

  /// Quotes a text, some characters as escapes that need not be.
  private func quoted(_ text: String, _ generator: inout SeededGenerator) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" {
        result += "\\" + String(character)
      } else if character.value < 0x20 || Int.random(in: 0..<6, using: &generator) == 0 {
        for unit in String(character).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }
}
