import ArgumentParser
import Foundation
import Service

/// `kagami remove`.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take items down, by key or by what they are.",
    discussion: """
      They leave every answer at once; kagami compact takes their bytes from the disk, and kagami verify --removed KEY shows it. What is \
      printed is the receipt.

        kagami remove art.kagami a/1 a/2
        kagami remove art.kagami --filter '{"must":[{"key":"member","match":{"value":"noto"}}]}'
      """)

  @OptionGroup var options: EditOptions

  @Argument(help: "The keys.")
  var keys: [String] = []

  @Option(help: ArgumentHelp("Which items, as JSON with the grammar of the protocol.", valueName: "json"))
  var filter: String?

  @Flag(help: "Do it even if the filter matches every item.")
  var confirm = false

  func validate() throws {
    guard keys.isEmpty != (filter == nil) else { throw ValidationError("Give keys, or --filter.") }
  }

  func run() throws {
    guard let filter else {
      return try options.ask("items.remove", ["keys": keys]) { (receipt: Receipt) in try receipt.show() }
    }
    try Failure.reporting {
      try FilterOption.check(filter)
      try options.ask("items.remove", json: "{\"filter\":\(filter),\"confirm\":\(confirm)}") { (receipt: Receipt) in
        try receipt.show()
      }
    }
  }
}

/// `kagami compact`.
struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Take the bytes of removed items from the disk.",
    discussion: """
      Copies the rows of live items to new files, numbers them anew in one transaction, and removes the old files; then builds the index \
      anew where there was one. May be interrupted at any moment. Engines that only read go on meanwhile. An engine that has written holds \
      the lock: ask it for index.compact instead.

      Example: kagami compact art.kagami
      """)

  @OptionGroup var options: EditOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many threads work. Default: one a processor.", valueName: "n"))
  var threads: Int?

  private struct Answer: Decodable {
    let rows, rowsRemoved, bytesReclaimed, seq: Int
    let logEmptied: Bool
    let snapshot: Int?
  }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    try options.ask("index.compact", ["threads": threads], threads: threads) { (answer: Answer) in
      try Output.line(
        "\(answer.rowsRemoved) rows are gone and \(answer.bytesReclaimed) bytes free; \(answer.rows) rows stay, at revision "
          + "\(answer.seq)" + (answer.snapshot.map { "; snapshot \($0) is in force." } ?? "."))
      guard !answer.logEmptied else { return }
      try Output.line(
        "Somebody reads the catalogue, so that its log may still hold rows that were removed; compact again later.")
    }
  }
}
