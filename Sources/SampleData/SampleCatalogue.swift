import VectorFiles

/// A small catalogue of fictional members with queries, background pictures and two short videos, all as embeddings.
///
/// Nothing in it was ever drawn: the embeddings are made up with the structure that real ones have. Pictures cluster
/// by member, series and work; most of the variance lies in a few directions; edited copies drift towards other
/// content. The same seed gives the same bytes on every platform.
///
/// It is for demonstrations and tests of the machinery, not for judging how well copies are found in the world.
public struct SampleCatalogue: Sendable {
  /// The numbers in each embedding.
  public static let dimension = Latent.dimension

  private let seed: UInt64

  /// Chooses a sample.
  ///
  /// - Parameter seed: Another seed gives another catalogue of the same shape; the committed one is the default.
  public init(seed: UInt64 = 0x6B61_6761_6D69) {
    self.seed = seed
  }

  /// Writes the sample's files into a folder, which is made if it does not exist; files of the same names are replaced.
  ///
  /// - Parameter directory: The folder.
  /// - Returns: What was written.
  /// - Throws: `FileError` if a folder or file cannot be written.
  public func write(to directory: String) throws(FileError) -> SampleSummary {
    var stream = SampleRandom(seed: seed)
    let embedding = Embedding(random: &stream)
    var world = ArtWorld(random: SampleRandom(seed: stream.bits()))
    var random = SampleRandom(seed: stream.bits())
    let register = Register(world: &world, random: &random)
    let queries = Query.all(about: register, world: &world, random: &random)
    let background = (0..<Self.backgroundCount).map { _ in world.stranger() }
    let videos = Video.all(about: register, world: &world, random: &random)

    var writer = try SampleWriter(directory: directory, embedding: embedding)
    try writer.write(register)
    try writer.write(queries)
    try writer.write(background: background)
    try writer.write(videos)
    return writer.summary
  }

  private static let backgroundCount = 300
}
