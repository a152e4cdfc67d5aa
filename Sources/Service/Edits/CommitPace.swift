/// Whether commits have been so quick that a thread which reads requests may wait for one.
struct CommitPace {
  private var quickOnes = 0

  /// Commits in a row that make a habit.
  private static let habit = 8
  /// What a commit takes on a disk that does not make its users wait.
  private static let quick = Duration.milliseconds(2)

  /// Notes how long the last one took.
  mutating func note(_ time: Duration) {
    quickOnes = time < Self.quick ? min(quickOnes + 1, Self.habit) : 0
  }

  /// Whether the next one will be quick, as far as anybody knows.
  var isQuick: Bool { quickOnes >= Self.habit }
}
