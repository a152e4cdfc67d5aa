/// Something about a catalogue that must not be.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// The file that it is about.
  public let file: String
  /// The rule that is broken, and the first place where it is.
  public let description: String

  /// Something wrong with a file.
  public init(file: String, description: String) {
    self.file = file
    self.description = description
  }
}
