import ArgumentParser
import VectorIndex

/// Which folder is measured, and how closeness is measured in it.
struct DataOptions: ParsableArguments {
  @Option(help: "Folder with base, queries and, if there are, neighbors and member.")
  var data: String

  @Option(help: "cosine, ip or l2; unless told, ip for rows of unit length and l2 for others.")
  var metric: Metric?

  @Option(help: "Ask only the first so many queries.")
  var queries: Int?

  func open() throws -> DataFolder { try DataFolder(data, metric: metric, queries: queries) }
}

extension Metric: @retroactive ExpressibleByArgument {}
