import ArgumentParser
import Foundation

/// Refuses an option that takes one value and is given twice: of two values one would go unseen.
enum RepeatedOption {
  /// Looks through the arguments of a run.
  ///
  /// - Throws: `ValidationError` that names the option.
  static func check(_ arguments: [String]) throws {
    let given = arguments.prefix { $0 != "--" }.compactMap(name)
    guard Set(given).count < given.count, let command = CommandDescription.ofAll?.addressed(by: arguments) else {
      return
    }
    for argument in command.arguments ?? [] where argument.kind == "option" && !argument.isRepeating {
      let names = Set((argument.names ?? []).map(\.name))
      guard given.count(where: names.contains) > 1, let name = argument.names?.last else { continue }
      throw ValidationError("\(name.text) is given more than once, and takes one value. Leave all but one out.")
    }
  }

  /// The name of an option, without what marks it as one; nil for values.
  private static func name(_ word: String) -> String? {
    guard word.hasPrefix("-"), Double(word) == nil else { return nil }
    let name = word.drop { $0 == "-" }.prefix { $0 != "=" }
    return name.isEmpty ? nil : String(name)
  }
}

/// What the parser knows of a command, as far as it is needed here.
private struct CommandDescription: Decodable {
  struct Name: Decodable {
    let kind, name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  struct Argument: Decodable {
    let kind: String
    let isRepeating: Bool
    let names: [Name]?
  }

  private struct All: Decodable {
    let command: CommandDescription
  }

  let commandName: String
  let defaultSubcommand: String?
  let subcommands: [CommandDescription]?
  let arguments: [Argument]?

  /// All commands, under the one that holds them.
  static var ofAll: CommandDescription? {
    try? JSONDecoder().decode(All.self, from: Data(Kagami._dumpHelp().utf8)).command
  }

  /// The command that the words of a run are for.
  func addressed(by words: some Collection<String>) -> CommandDescription {
    let next = subcommands?.first { $0.commandName == words.first }
    if let next { return next.addressed(by: words.dropFirst()) }
    guard let byDefault = subcommands?.first(where: { $0.commandName == defaultSubcommand }) else { return self }
    return byDefault
  }
}
