import Foundation

/// The best that a system can do: the points that no other point beats in both recall and speed.
public struct Frontier: Sendable {
  /// By recall, ascending; speed descends.
  public let points: [SweepPoint]

  /// Picks the frontier of some points.
  public init(_ points: [SweepPoint]) {
    var best: [SweepPoint] = []
    for point in points.sorted(by: { ($0.recall, $0.qps) > ($1.recall, $1.qps) })
    where point.qps > best.last?.qps ?? 0 {
      best.append(point)
    }
    self.points = best.reversed()
  }

  /// A figure at a recall, between the two neighbouring points: its logarithm is taken to be linear in recall.
  ///
  /// - Parameters:
  ///   - recall: The recall that must be reached.
  ///   - figure: Which figure of a point; queries a second unless told.
  /// - Returns: Nil where no point reaches that recall or the figure was not measured.
  public func value(atRecall recall: Double, of figure: KeyPath<SweepPoint, Double?> & Sendable) -> Double? {
    interpolate(recall) { $0[keyPath: figure] }
  }

  /// Queries a second of processor time at a recall; nil where it is never reached.
  public func qps(atRecall recall: Double) -> Double? { interpolate(recall) { $0.qps } }

  /// Queries a second of time that passed at a recall; nil where it is never reached.
  public func wallQps(atRecall recall: Double) -> Double? { interpolate(recall) { $0.wallQps } }

  private func interpolate(_ recall: Double, _ figure: (SweepPoint) -> Double?) -> Double? {
    guard let upper = points.firstIndex(where: { $0.recall >= recall }) else { return nil }
    guard let above = figure(points[upper]) else { return nil }
    // Below the least recall measured, the point there does better than asked, and no more is claimed.
    guard upper > 0, let below = figure(points[upper - 1]), above > 0, below > 0 else { return above }
    let (low, high) = (points[upper - 1].recall, points[upper].recall)
    let share = (recall - low) / (high - low)
    return exp(log(below) + share * (log(above) - log(below)))
  }
}
