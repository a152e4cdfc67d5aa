import ArgumentParser
import Service

/// `kagami schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print what `serve` understands and answers, for programs.",
    discussion: """
      One OpenRPC document with JSON Schemas of every request, answer and error: the same that `rpc.discover` answers. It needs no \
      catalogue.

      Example: kagami schema | jq '.methods[].name'
      """)

  func run() throws {
    try Output.verbatim(EngineVersion.protocolDescription)
  }
}
