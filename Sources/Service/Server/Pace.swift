/// How fast answers leave.
struct Pace {
  private var last = ContinuousClock.now
  /// Milliseconds from one answer to the next, the last ones counting most; nil before the first.
  private var interval: Double?

  /// Notes that some were written.
  mutating func note(_ count: Int, isBusy: Bool) {
    guard count > 0 else { return }
    let now = ContinuousClock.now
    let found = (now - last) / .milliseconds(1) / Double(count)
    last = now
    // While nothing is under way nothing is waited for.
    guard isBusy else { return }
    interval = interval.map { 0.8 * $0 + 0.2 * found } ?? found
  }

  /// How long so many will take, between a millisecond and ten seconds.
  func milliseconds(for count: Int) -> Int {
    Int(min(max((interval ?? 1) * Double(count), 1), 10_000).rounded(.up))
  }
}
