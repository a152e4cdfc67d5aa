/// Whether commits have been so quick that a thread which reads requests may wait for one.
package struct CommitPace: Sendable {
  private var quickOnes = 0
  private let quick: Duration

  /// Commits in a row that make a habit.
  package static let habit = 8

  /// No commits yet.
  ///
  /// - Parameter quick: What a commit takes on a disk that does not make its users wait.
  package init(quick: Duration = .milliseconds(2)) { self.quick = quick }

  /// Notes how long the last one took.
  mutating func note(_ time: Duration) {
    quickOnes = time < quick ? min(quickOnes + 1, Self.habit) : 0
  }

  /// Whether the next one will be quick, as far as anybody knows.
  var isQuick: Bool { quickOnes >= Self.habit }
}
