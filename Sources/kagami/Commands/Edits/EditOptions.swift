import ArgumentParser
import Foundation
import Service

/// What all commands that edit have: a catalogue, a lock to wait for, and a choice of how the answer looks.
struct EditOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Flag(help: "One JSON object, as the protocol has it, instead of text for people.")
  var json = false

  @OptionGroup var lock: LockOptions

  /// Asks the catalogue; prints JSON, or lets `show` print the result for people.
  func ask<Result: Decodable>(
    _ method: String, _ parameters: some Encodable, threads: Int = 1,
    words: CommandWords = CommandWords(arguments: ["member": "<member>", "work": "<work>", "keys": "<keys>"]),
    show: (Result) throws -> Void
  ) throws {
    try Failure.reporting { try ask(method, json: Question.json(parameters), threads, words, show) }
  }

  /// Asks the catalogue with parameters that are JSON already.
  func ask<Result: Decodable>(
    _ method: String, json parameters: String, _ threads: Int = 1, _ words: CommandWords = CommandWords(),
    _ show: (Result) throws -> Void
  ) throws {
    let answer = try OneRequest.result(
      of: method, parameters, catalogue: catalogue, threads: threads, patience: lock.patience,
      words: words)
    let result: Result = try Question.result(answer)
    if json { try Output.verbatim(answer) } else { try show(result) }
  }
}

/// Parameters and results as types of the command line have them.
enum Question {
  /// Parameters as the protocol writes them.
  static func json(_ parameters: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(parameters), as: UTF8.self)
  }

  /// What a result says.
  static func result<Result: Decodable>(_ answer: String) throws -> Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Result.self, from: Data(answer.utf8))
  }
}

/// What a removal answers: the receipt of a takedown.
struct Receipt: Decodable {
  let removed: Int
  let missing: Int?
  let keys: [String]
  let time: String
  let seq: Int

  /// Prints it for people.
  func show() throws {
    try Output.line("Removed \(removed) items at revision \(seq), \(time).")
    for key in keys { try Output.line("  \(key)") }
    if let missing, missing > 0 { try Output.line("\(missing) of the keys were not there.") }
  }
}
