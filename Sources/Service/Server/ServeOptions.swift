/// How `kagami serve` serves.
public struct ServeOptions: Sendable {
  /// The catalogue's directory.
  public var catalogue: String
  /// Whether edits are refused.
  public var isReadOnly = false
  /// How many threads work, at least 1.
  public var threads = 1
  /// Whether answers leave in the order of the requests.
  public var isOrdered = false
  /// Whether requests beyond the window are refused, where otherwise reading stops.
  public var refusesOverload = false
  /// Whether the engine ends when the process that started it does.
  public var exitsWithParent = false
  /// The path of a socket to serve on, in place of standard input and output.
  public var socket: String?
  /// How many may be connected to the socket at once.
  public var connections = 64
  /// Bytes of requests in progress, and of unread answers, that all callers of the socket may have together.
  public var sharedWindowBytes = 256 << 20

  /// How the engine is watched.
  public var observation = ObservationOptions()

  /// The defaults, for a catalogue.
  public init(catalogue: String) { self.catalogue = catalogue }

  /// What holds for each stream.
  var stream: Conversation.Options { .init(isOrdered: isOrdered, refusesOverload: refusesOverload) }
}
