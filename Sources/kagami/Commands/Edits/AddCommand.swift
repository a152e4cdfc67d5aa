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
    var failed = 0
    try Failure.reporting {
      let items = try ItemLines(text(), of: file ?? "standard input")
      let parameters = "{\"items\":\(items.array),\"atomic\":\(atomic),\"strict\":\(strict)}"
      try options.ask("items.upsert", json: parameters, 1, CommandWords(items: items)) { (answer: Answer) in
        try Output.line(
          "Added \(answer.upserted) items, \(answer.replaced) of them in place of others, at revision \(answer.seq).")
        for failure in answer.failures {
          Output.note("refused: \(items.refusal(of: failure.index, key: failure.key, failure.message))")
        }
        failed = answer.failures.count
      }
    }
    if failed > 0 { throw ExitCode(65) }
  }

  /// What is to be read, as text.
  private func text() throws -> String {
    let name = file ?? "standard input"
    let bytes: Data
    do {
      bytes =
        try file.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        ?? FileHandle.standardInput.readToEnd() ?? Data()
    } catch {
      throw CommandFailure.reading(name, error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(name): is not UTF-8; save it as UTF-8", exitCode: 65)
    }
    return text
  }
}
