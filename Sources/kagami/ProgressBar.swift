import Foundation

/// Shows how far a long command is: a bar on a terminal, a line every few seconds otherwise.
final class ProgressBar {
  private let title: String
  private let started = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  /// Units that were done before: they say nothing of the rate.
  private let head: Int

  /// A bar.
  ///
  /// - Parameters:
  ///   - title: What is counted.
  ///   - head: How many were done before.
  init(_ title: String, after head: Int = 0) {
    (self.title, self.head) = (title, head)
  }

  /// Tells how much is done.
  ///
  /// - Parameters:
  ///   - done: Units done.
  ///   - total: Units to do, nil where nobody knows.
  func update(_ done: Int, of total: Int?) {
    let now = ContinuousClock.now
    let interval = Output.hasTerminal ? Duration.milliseconds(100) : .seconds(5)
    if let lastShown, now - lastShown < interval { return }
    // The first line of a run that is not shown on a terminal would only say that nothing is done yet.
    if lastShown == nil, !Output.hasTerminal, now - started < interval { return }
    lastShown = now
    show(done, of: total, rate: Double(done - head) / max((now - started) / .seconds(1), 1e-9))
  }

  /// Clears the bar.
  func finish() {
    if Output.hasTerminal { Output.progress("\r\u{1B}[K") }
  }

  private func show(_ done: Int, of total: Int?, rate: Double) {
    var text = "\(title) \(done)"
    if let total, total > 0 {
      let left = Int(Double(total - done) / max(rate, 1e-9))
      text += " of \(total) (\(done * 100 / total) %), \(Int(rate))/s, \(left) s left"
      if Output.hasTerminal {
        let filled = done * 30 / total
        text = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled) + "] " + text
      }
    } else {
      text += ", \(Int(rate))/s"
    }
    Output.progress(Output.hasTerminal ? "\r\u{1B}[K" + text : text + "\n")
  }
}
