import ArgumentParser
import Catalogue

extension ModelSpace.Metric: ExpressibleByArgument {}
extension ModelSpace.Storage: ExpressibleByArgument {}

/// The settings of a catalogue that `create` and `import` share.
struct SpaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How closeness is measured: cosine, ip (inner product) or l2 (Euclidean). Default: cosine.",
      valueName: "cosine|ip|l2"))
  var metric: ModelSpace.Metric?

  @Option(
    help: ArgumentHelp(
      "How a number is stored: f16 (half the size, enough for embeddings) or f32. Default: f16.", valueName: "f16|f32"))
  var storage: ModelSpace.Storage?

  @Option(help: "The name of the embedding model; queries that name another are refused.")
  var model: String?

  /// The model space that these settings, or their defaults, describe.
  func model(dimension: Int) -> ModelSpace {
    ModelSpace(name: model, dimension: dimension, metric: metric ?? .cosine, storage: storage ?? .float16)
  }
}
