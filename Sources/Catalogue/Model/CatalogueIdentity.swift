/// What never changes about a catalogue after it was created.
public struct CatalogueIdentity: Hashable, Sendable {
  /// The catalogue's own id, a UUID in upper case.
  public let id: String
  /// The version of the format it was written in when it was opened; a writer brings older ones up to date.
  public let format: Int64
  /// When it was created: ISO 8601, UTC.
  public let createdAt: String
  /// The space its vectors live in.
  public let model: ModelSpace
}
