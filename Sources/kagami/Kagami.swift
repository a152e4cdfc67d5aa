import ArgumentParser
import CProcessStart
import Foundation
import Service

/// The command line: one file a sub-command.
@main
struct Kagami: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kagami",
    abstract: "Finds what a picture or video frame resembles among registered artwork.",
    discussion: """
      A catalogue is a directory that holds embedding vectors of artwork and whose they are. Make one from a file of vectors, ask \
      it by hand, or let a program spawn it and ask in JSON lines:

        kagami import art.kagami --vectors items.npy --metadata items.jsonl
        kagami search art.kagami --vectors suspects.npy -k 5
        kagami serve art.kagami

      `kagami sample DIRECTORY` makes a small one to try things on.
      """,
    version: EngineVersion.text,
    subcommands: [
      CreateCommand.self, ImportCommand.self, ServeCommand.self, SearchCommand.self, ScanCommand.self, InfoCommand.self,
      BuildCommand.self, AddCommand.self, RemoveCommand.self, CompactCommand.self, MembersCommand.self,
      WorksCommand.self,
      PermissionsCommand.self, VerifyCommand.self, ExportCommand.self, BackupCommand.self,
      SchemaCommand.self, SampleCommand.self,
    ])

  static func main() {
    // Before anything is opened, which would get the number of a stream that is closed.
    StandardStreams.fillClosed()
    // Has it linked; what it does was done before.
    _ = process_start_is_settled()
    // A limit on file sizes is an error of write(2), which names the file, and not a signal.
    signal(SIGXFSZ, SIG_IGN)
    // The same for readers that went away.
    signal(SIGPIPE, SIG_IGN)
    Foundation.exit(CommandRun.run(Array(CommandLine.arguments.dropFirst())))
  }
}
