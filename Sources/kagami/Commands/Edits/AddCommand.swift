import ArgumentParser
import Foundation
import Service

/// `kagami add`.
struct AddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add single items, or put others in their place.",
    discussion: """
      Reads items as JSON lines, one item a line, as items.upsert of the protocol takes them: key and vector, and optionally member, work, \
      kind, title, source, timecode and attributes. An item whose key is there already takes its place. For files of vectors use kagami import.

      Example: echo '{"key":"a/1","vector":[0.1,0.9],"member":"a","work":"1"}' | kagami add art.kagami
      """)

  @OptionGroup var options: EditOptions

  @Argument(help: ArgumentHelp("The file with the items; standard input unless given.", valueName: "file"))
  var file: String?

  @Flag(help: "One bad item refuses all.")
  var atomic = false

  @Flag(help: "Refuse items of members and works that do not exist yet.")
  var strict = false

  private struct Answer: Decodable {
    struct Failure: Decodable {
      let index: Int
      let key: String
      let message: String
    }
    let upserted, replaced, seq: Int
    let failures: [Failure]
  }

  func run() throws {
    let text = try file.map { try String(contentsOfFile: $0, encoding: .utf8) } ?? Self.standardInput()
    let items = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    guard !items.isEmpty else { throw ValidationError("There are no items; give one JSON object a line.") }
    var failed = 0
    try Failure.reporting {
      let parameters = "{\"items\":[\(items.joined(separator: ","))],\"atomic\":\(atomic),\"strict\":\(strict)}"
      try options.ask("items.upsert", json: parameters) { (answer: Answer) in
        Output.line(
          "Added \(answer.upserted) items, \(answer.replaced) of them in place of others, at revision \(answer.seq).")
        for failure in answer.failures { Output.note("item \(failure.index) (\(failure.key)): \(failure.message)") }
        failed = answer.failures.count
      }
    }
    if failed > 0 { throw ExitCode(65) }
  }

  private static func standardInput() -> String {
    String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
  }
}
