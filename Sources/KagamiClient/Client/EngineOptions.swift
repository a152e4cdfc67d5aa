/// How an engine is run; the defaults suit most callers.
public struct EngineOptions: Sendable {
  /// How much may be in flight at once.
  public var window = CallWindow()
  /// How long the engine may take to end after it was asked to; then it gets SIGTERM, and after as long again SIGKILL.
  public var grace: Duration = .seconds(10)
  /// Whether the engine is told of calls that were given up, if it knows `engine.cancel`, so that it need not finish them.
  public var cancelsInEngine = true
  /// Variables that are added to the environment of this process; an empty text removes nothing.
  public var environment: [String: String] = [:]

  /// The defaults.
  public init() {}
}
