import Foundation
import Testing

/// A Swift file under Sources, as the rules look at it.
struct SourceFile: CustomTestStringConvertible {
  let module: String
  /// Without folder and ending.
  let name: String
  /// Lines with comments and string literals blanked, so that rules see code only.
  let code: [String]
  /// Lines as written.
  let lines: [String]

  var testDescription: String { "\(module)/\(name)" }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every Swift file of every module.
  static let all: [SourceFile] = {
    let sources = root.appending(path: "Sources")
    guard let paths = FileManager.default.enumerator(atPath: sources.path) else { return [] }
    return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
      guard let text = try? String(contentsOf: sources.appending(path: path), encoding: .utf8) else { return nil }
      return SourceFile(path: path, text: text)
    }
  }()

  private init(path: String, text: String) {
    module = String(path.prefix { $0 != "/" })
    name = (path as NSString).lastPathComponent.replacing(".swift", with: "")
    lines = text.components(separatedBy: "\n")
    code = Self.blank(text).components(separatedBy: "\n")
  }

  /// Names of modules in import lines.
  var imports: [String] {
    code.compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(of: "import"),
        words[..<at].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "package" })
      else { return nil }
      return words.last.map { String($0.prefix { $0 != "." }) }
    }
  }

  /// Numbers of the lines, from 1, whose code matches.
  func lineNumbers(matching pattern: some RegexComponent) -> [Int] {
    code.indices.filter { code[$0].contains(pattern) }.map { $0 + 1 }
  }

  /// Replaces what stands in comments and string literals by spaces.
  private static func blank(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix("//") {
        rest = rest.drop { $0 != "\n" }
      } else if rest.hasPrefix("\"\"\"") {
        let body = rest.dropFirst(3)
        let end = body.range(of: "\"\"\"")?.upperBound ?? body.endIndex
        result += body[..<end].filter { $0 == "\n" }
        rest = body[end...]
      } else if character == "\"" {
        rest = afterLiteral(rest.dropFirst())
        result += "\"\""
      } else {
        result.append(character)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// What follows the closing quote of a one-line literal, interpolations skipped by counting parentheses.
  private static func afterLiteral(_ start: Substring) -> Substring {
    var rest = start
    var depth = 0
    while let character = rest.first, character != "\n" {
      if character == "\\" {
        if rest.dropFirst().first == "(" { depth += 1 }
        rest = rest.dropFirst(2)
        continue
      }
      if depth > 0, character == "(" { depth += 1 }
      if depth > 0, character == ")" { depth -= 1 }
      rest = rest.dropFirst()
      if character == "\"", depth == 0 { return rest }
    }
    return rest
  }
}
