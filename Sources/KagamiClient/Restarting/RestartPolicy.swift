/// How often, and how soon, an engine that ended is started again.
public struct RestartPolicy: Sendable, Hashable {
  /// The most restarts in a row; one that answers anything begins a new row.
  public var attempts: Int
  /// How long to wait before the first restart; each further one in a row waits twice as long.
  public var delay: Duration

  /// Restarts of a number, after waits that double.
  public init(attempts: Int = 3, delay: Duration = .milliseconds(100)) {
    (self.attempts, self.delay) = (max(0, attempts), delay)
  }

  /// The wait before a restart, at most half a minute.
  func wait(before attempt: Int) -> Duration {
    min(delay * (1 << min(attempt, 20)), .seconds(30))
  }
}
