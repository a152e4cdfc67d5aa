import Foundation

/// Times of repeated runs of one thing.
public struct Timing: Sendable {
  /// Seconds, ascending.
  public let seconds: [Double]

  /// Seconds of the run in the middle.
  public var median: Double { seconds[seconds.count / 2] }
  /// Seconds of the fastest run: the one that others on the machine disturbed least.
  public var best: Double { seconds[0] }

  /// Runs `body` once to warm up and then `runs` times.
  public static func of(runs: Int, _ body: () throws -> Void) rethrows -> Timing {
    try body()
    var seconds: [Double] = []
    for _ in 0..<max(1, runs) {
      let start = ContinuousClock.now
      try body()
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return Timing(seconds: seconds.sorted())
  }

  /// Runs two things in turn, so that a machine whose speed drifts disturbs both alike.
  public static func ofPair(runs: Int, _ first: () throws -> Void, _ second: () throws -> Void) rethrows -> (
    Timing, Timing
  ) {
    try first()
    try second()
    var times: ([Double], [Double]) = ([], [])
    for _ in 0..<max(1, runs) {
      let start = ContinuousClock.now
      try first()
      let middle = ContinuousClock.now
      try second()
      times.0.append((middle - start) / .seconds(1))
      times.1.append((ContinuousClock.now - middle) / .seconds(1))
    }
    return (Timing(seconds: times.0.sorted()), Timing(seconds: times.1.sorted()))
  }
}
