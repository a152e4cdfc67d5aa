/// How a serving engine is observed.
public struct ObservationOptions: Sendable {
  /// Where log goes; standard error unless given.
  public var logFile: String?
  /// What matters less than this is not logged: `debug`, `info`, `warning` or `error`.
  public var logLevel = "warning"
  /// Requests that take as many milliseconds are logged.
  public var slowMilliseconds: Int?
  /// The file that metrics are written to.
  public var metricsFile: String?
  /// Seconds between two writings of it.
  public var metricsInterval = 15

  /// The levels there are.
  public static let levels = Log.Level.allCases.map(\.rawValue)

  /// The defaults.
  public init() {}
}
