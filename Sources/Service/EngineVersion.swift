import WireProtocol

/// Which release this is.
public enum EngineVersion {
  /// Semantic version.
  public static let text = "0.1.0"
  /// The version of the wire protocol.
  public static let wireProtocol = "1"

  /// The protocol as a document for programs: what `rpc.discover` answers.
  public static var protocolDescription: String { ProtocolDescription(version: text).text }
}
